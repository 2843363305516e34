import { encodeBase64 } from './base64.js';
import { parseDecimal } from './decimal.js';
import type { Hash } from './hash.js';

/** C2SP tlog-witness, add-checkpoint: what a log asks a witness to cosign, with the proof that it grew from what that one has seen. */
export const formatAddCheckpoint = ({
  oldSize,
  proof,
  checkpoint,
}: {
  readonly oldSize: number;
  readonly proof: readonly Hash[];
  readonly checkpoint: string;
}): string => [`old ${oldSize}`, ...proof.map(encodeBase64), '', checkpoint].join('\n');

/** The body of a 409: the size of what the witness has cosigned last, and a newline. Undefined for any other text. */
export const parseWitnessSize = (body: string): number | undefined =>
  body.endsWith('\n') ? parseDecimal(body.slice(0, -1)) : undefined;
