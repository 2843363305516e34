import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { decodeBase64, encodeBase64 } from './base64.js';

/** C2SP signed-note, signature types: plain Ed25519, and the timestamped cosignature of a witness. */
export type NoteKeyType = 'ed25519' | 'cosignature';

const typeBytes: Readonly<Record<NoteKeyType, number>> = { ed25519: 0x01, cosignature: 0x04 };

/** Whose signatures on a note are believed. */
export interface NoteKey {
  readonly name: string;
  readonly type: NoteKeyType;
  readonly id: number;
  readonly publicKey: KeyObject;
}

/** C2SP signed-note, Format: not empty, without Unicode spaces and plus. */
export const isKeyName = (name: string): boolean => /^[^\s\p{White_Space}\p{Cc}\p{Cs}+]+$/u.test(name);

const publicBytes = (key: KeyObject): Uint8Array => Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');

/** SHA-256(name || 0x0A || type || 32 bytes of the key), its first four bytes. */
function keyId(name: string, type: NoteKeyType, bytes: Uint8Array): number {
  const hash = createHash('sha256').update(`${name}\n`, 'utf8').update(Uint8Array.of(typeBytes[type])).update(bytes);
  return hash.digest().readUInt32BE();
}

/** Of an Ed25519 key, public or private. Throws for another, and for a name that no note may have. */
export function noteKey(name: string, type: NoteKeyType, key: KeyObject): NoteKey {
  if (!isKeyName(name)) throw new Error('not the name of a key');
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('not an Ed25519 key');
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return { name, type, id: keyId(name, type, publicBytes(publicKey)), publicKey };
}

/** `<name>+<key id in hex>+<base64 of type and key>`: how a verifier key is handed around. */
export function formatNoteKey({ name, type, id, publicKey }: NoteKey): string {
  const material = Buffer.concat([Uint8Array.of(typeBytes[type]), publicBytes(publicKey)]);
  return `${name}+${id.toString(16).padStart(8, '0')}+${encodeBase64(material)}`;
}

/** Undefined for what is no verifier key, is of another type, or has an id that is not its own. Never throws. */
export function parseNoteKey(text: string): NoteKey | undefined {
  const parts = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text);
  if (!parts) return undefined;
  const [, name = '', idText = '', materialText = ''] = parts;
  const material = decodeBase64(materialText);
  const type = (['ed25519', 'cosignature'] as const).find((known) => typeBytes[known] === material?.[0]);
  if (!type || material?.length !== 33 || !isKeyName(name)) return undefined;
  const bytes = material.subarray(1);
  if (keyId(name, type, bytes) !== parseInt(idText, 16)) return undefined;
  const x = Buffer.from(bytes).toString('base64url');
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return { name, type, id: parseInt(idText, 16), publicKey };
}
