import type { OutboundFault, OutboundFetch } from '@signet/service';
import {
  formatAddCheckpoint,
  parseNote,
  parseSignatureLines,
  parseWitnessSize,
  verifyNote,
  type Hash,
  type NoteKey,
} from '@signet/tlog';

/** Who cosigns: its verifier key (C2SP tlog-cosignature) and its submission prefix (C2SP tlog-witness). */
export interface Witness {
  readonly key: NoteKey;
  readonly url: string;
}

export type WitnessAnswer =
  /** Its cosignature, which holds. */
  | { readonly line: string }
  /** It has cosigned another size last. */
  | { readonly conflict: number }
  /** It takes no checkpoint now. */
  | { readonly away: OutboundFault | number }
  /** It does not take this one, or answers what is no answer. */
  | { readonly refused: string };

const fewBytes = 65_536;
const utf8 = new TextDecoder('utf-8');

/** C2SP tlog-witness, add-checkpoint: one request, and what came of it. Believes no cosignature that it has not verified. */
export async function addCheckpoint(
  fetch: Pick<OutboundFetch, 'ask'>,
  { key, url }: Witness,
  asked: { readonly oldSize: number; readonly proof: readonly Hash[]; readonly checkpoint: string },
): Promise<WitnessAnswer> {
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', Accept: 'text/plain, text/x.tlog.size' };
  const sending = { method: 'POST', headers, body: formatAddCheckpoint(asked) } as const;
  const answer = await fetch.ask(`${url.replace(/\/+$/, '')}/add-checkpoint`, sending, fewBytes);
  if (!answer.ok) return { away: answer.fault };
  const body = utf8.decode(answer.body);
  switch (answer.status) {
    case 200: {
      const note = parseNote(asked.checkpoint);
      // Cosignatures of unknown keys are ignored, the wrong one of the known key is not one.
      const verification = note && verifyNote({ text: note.text, signatures: parseSignatureLines(body) ?? [] }, [key]);
      if (!verification || !('verified' in verification)) return { refused: verification?.fault ?? 'malformed' };
      const [cosignature] = verification.verified;
      return cosignature ? { line: cosignature.signature.line } : { refused: 'unknown_key' };
    }
    case 409: {
      const size = answer.contentType === 'text/x.tlog.size' ? parseWitnessSize(body) : undefined;
      return size === undefined ? { refused: 'conflict' } : { conflict: size };
    }
    case 400:
    case 403:
    case 404:
    case 422:
      return { refused: String(answer.status) };
    default:
      return { away: answer.status };
  }
}
