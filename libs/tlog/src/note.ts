import { sign, verify, type KeyObject } from 'node:crypto';
import { decodeBase64, encodeBase64 } from './base64.js';
import { isKeyName, noteKey, type NoteKey } from './note-key.js';

/** Signatures of a note that are looked at; C2SP signed-note asks for 16 at least. */
const signatureLimit = 64;
/** Characters. */
const noteLimit = 65_536;

export interface NoteSignature {
  readonly name: string;
  readonly id: number;
  /** What follows the key id. */
  readonly bytes: Uint8Array;
  /** As it stands in the note, with its newline. */
  readonly line: string;
}

export interface Note {
  /** With its last newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** Signature lines one under the other, each with its newline; none gives an empty list. Undefined where one is no such line. */
export function parseSignatureLines(text: string): NoteSignature[] | undefined {
  if (text === '') return [];
  if (!text.endsWith('\n') || text.length > noteLimit) return undefined;
  const lines = text.slice(0, -1).split('\n');
  if (lines.length > signatureLimit) return undefined;
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const parts = /^\u2014 ([^ ]+) ([^ ]+)$/u.exec(line);
    const [, name = '', encoded = ''] = parts ?? [];
    const bytes = decodeBase64(encoded);
    if (!parts || !isKeyName(name) || !bytes || bytes.length < 5) return undefined;
    const id = Buffer.from(bytes).readUInt32BE();
    signatures.push({ name, id, bytes: bytes.subarray(4), line: `${line}\n` });
  }
  return signatures;
}

/** C2SP signed-note, Format. Undefined for what is no signed note. Says nothing of whether a signature is right. Never throws. */
export function parseNote(note: string): Note | undefined {
  if (note.length > noteLimit || /\p{Cs}/u.test(note) || /[\u0000-\u0009\u000b-\u001f]/.test(note)) return undefined;
  // The text may have empty lines of its own: the last one is the border.
  const border = note.lastIndexOf('\n\n');
  if (border < 0) return undefined;
  const signatures = parseSignatureLines(note.slice(border + 2));
  return signatures && signatures.length > 0 ? { text: note.slice(0, border + 1), signatures } : undefined;
}

/** C2SP tlog-cosignature, Ed25519 signed message. `timestamp`: seconds since the epoch. */
const cosignedMessage = (text: string, timestamp: bigint): Uint8Array =>
  Buffer.from(`cosignature/v1\ntime ${timestamp}\n${text}`, 'utf8');

const TIMESTAMP_LENGTH = 8;
const latestTimestamp = 2n ** 63n - 1n;

function isRight(text: string, key: NoteKey, { bytes }: NoteSignature): boolean {
  switch (key.type) {
    case 'ed25519':
      return bytes.length === 64 && verify(null, Buffer.from(text, 'utf8'), key.publicKey, bytes);
    case 'cosignature': {
      if (bytes.length !== TIMESTAMP_LENGTH + 64) return false;
      const timestamp = Buffer.from(bytes).readBigUInt64BE();
      if (timestamp > latestTimestamp) return false;
      return verify(null, cosignedMessage(text, timestamp), key.publicKey, bytes.subarray(TIMESTAMP_LENGTH));
    }
  }
}

export type NoteVerification =
  | { readonly verified: readonly { readonly key: NoteKey; readonly signature: NoteSignature }[] }
  /** `unknown_key`: no signature is by one of the keys. `bad_signature`: one of them is said to have signed, and has not. */
  | { readonly fault: 'unknown_key' | 'bad_signature' };

/** C2SP signed-note, Signatures: those of unknown keys are ignored, and one wrong one of a known key spoils the note. */
export function verifyNote({ text, signatures }: Note, keys: readonly NoteKey[]): NoteVerification {
  const claimed = signatures.flatMap((signature) => {
    const key = keys.find(({ name, id }) => name === signature.name && id === signature.id);
    return key ? [{ key, signature }] : [];
  });
  if (claimed.length === 0) return { fault: 'unknown_key' };
  if (!claimed.every(({ key, signature }) => isRight(text, key, signature))) return { fault: 'bad_signature' };
  return { verified: claimed };
}

const signatureLine = ({ name, id }: NoteKey, signature: Uint8Array): string => {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(id);
  return `\u2014 ${name} ${encodeBase64(Buffer.concat([head, signature]))}\n`;
};

/** The signature line of a plain Ed25519 key on a text, which ends in a newline. */
export const signNote = (text: string, name: string, privateKey: KeyObject): string =>
  signatureLine(noteKey(name, 'ed25519', privateKey), sign(null, Buffer.from(text, 'utf8'), privateKey));

/** The signature line of a witness: C2SP tlog-cosignature. `timestamp`: seconds since the epoch. */
export function cosignNote(text: string, name: string, privateKey: KeyObject, timestamp: number): string {
  const time = Buffer.alloc(TIMESTAMP_LENGTH);
  time.writeBigUInt64BE(BigInt(timestamp));
  const signature = sign(null, cosignedMessage(text, BigInt(timestamp)), privateKey);
  return signatureLine(noteKey(name, 'cosignature', privateKey), Buffer.concat([time, signature]));
}

/** A text and its signature lines as one note. */
export const formatNote = (text: string, ...lines: readonly string[]): string => `${text}\n${lines.join('')}`;
