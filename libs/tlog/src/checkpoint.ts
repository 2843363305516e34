import type { KeyObject } from 'node:crypto';
import { decodeHash, encodeBase64 } from './base64.js';
import { parseDecimal } from './decimal.js';
import { formatNote, parseNote, signNote, verifyNote, type Note, type NoteVerification } from './note.js';
import type { NoteKey } from './note-key.js';
import type { TreeHead } from './verify-proof.js';

/** C2SP tlog-checkpoint: what a log says of its tree. */
export interface Checkpoint extends TreeHead {
  readonly origin: string;
  /** Lines after the third, which mean nothing to Signet. */
  readonly extensions: readonly string[];
}

/** The text of a checkpoint's note. */
export const checkpointText = ({ origin, size, root }: Omit<Checkpoint, 'extensions'>): string =>
  `${origin}\n${size}\n${encodeBase64(root)}\n`;

/** A checkpoint signed by its log: the key's name is the origin. */
export function signCheckpoint(head: Omit<Checkpoint, 'extensions'>, privateKey: KeyObject): string {
  const text = checkpointText(head);
  return formatNote(text, signNote(text, head.origin, privateKey));
}

/** C2SP tlog-checkpoint, Note text. Undefined for what is none. */
export function parseCheckpointText(text: string): Checkpoint | undefined {
  if (!text.endsWith('\n')) return undefined;
  const lines = text.slice(0, -1).split('\n');
  if (lines.length < 3 || lines.includes('')) return undefined;
  const [origin = '', sizeText = '', rootText = '', ...extensions] = lines;
  const size = parseDecimal(sizeText);
  const root = decodeHash(rootText);
  return size === undefined || !root ? undefined : { origin, size, root, extensions };
}

export type CheckpointOpening =
  | (Extract<NoteVerification, { verified: unknown }> & { readonly checkpoint: Checkpoint; readonly note: Note })
  /** `other_origin`: rightly signed, and of another log than this key's. */
  | { readonly fault: 'malformed' | 'other_origin' | 'unknown_key' | 'bad_signature' };

/**
 * A checkpoint of the log that `key` belongs to: signed by it, with its name as the origin. `witnesses`: keys whose cosignatures are
 * checked as well, where there are any. Never throws.
 */
export function openCheckpoint(signed: string, key: NoteKey, witnesses: readonly NoteKey[] = []): CheckpointOpening {
  const note = parseNote(signed);
  const checkpoint = note && parseCheckpointText(note.text);
  if (!note || !checkpoint) return { fault: 'malformed' };
  const verification = verifyNote(note, [key, ...witnesses]);
  if ('fault' in verification) return verification;
  if (!verification.verified.some((by) => by.key === key)) return { fault: 'unknown_key' };
  if (checkpoint.origin !== key.name) return { fault: 'other_origin' };
  return { ...verification, checkpoint, note };
}
