import { decodeBase64, decodeHash, encodeBase64 } from './base64.js';
import { parseDecimal } from './decimal.js';
import type { Hash } from './hash.js';

/** More hashes than a path through 2^63 leaves has. */
const hashLimit = 64;
/** Characters: an entry of the greatest length in base64, a path, a checkpoint with witnesses. */
const textLimit = 262_144;

const header = 'c2sp.org/tlog-proof@v1';

/** C2SP tlog-proof: that an entry is in a log, to be checked with the log's key alone. */
export interface TlogProof {
  /** Bytes of the application, which the proof itself does not vouch for. */
  readonly extra?: Uint8Array;
  readonly index: number;
  readonly hashes: readonly Hash[];
  /** The log's signed note, as it stands. */
  readonly checkpoint: string;
}

export const formatProof = ({ extra, index, hashes, checkpoint }: TlogProof): string =>
  [
    header,
    ...(extra ? [`extra ${encodeBase64(extra)}`] : []),
    `index ${index}`,
    ...hashes.map(encodeBase64),
    '',
    checkpoint,
  ].join('\n');

/** Undefined for what is no such text. Says nothing of whether the proof holds. Never throws. */
export function parseProof(text: string): TlogProof | undefined {
  const border = text.indexOf('\n\n');
  if (border < 0 || text.length > textLimit) return undefined;
  const [first, ...lines] = text.slice(0, border).split('\n');
  if (first !== header) return undefined;
  const extraText = lines[0]?.startsWith('extra ') ? lines.shift()?.slice('extra '.length) : undefined;
  const extra = extraText === undefined ? undefined : decodeBase64(extraText);
  if (extraText !== undefined && !extra) return undefined;
  const indexText = /^index (.+)$/.exec(lines.shift() ?? '')?.[1];
  const index = indexText === undefined ? undefined : parseDecimal(indexText);
  const hashes = lines.map(decodeHash).filter((hash) => hash !== undefined);
  if (index === undefined || hashes.length < lines.length || hashes.length > hashLimit) return undefined;
  return { ...(extra && { extra }), index, hashes, checkpoint: text.slice(border + 2) };
}
