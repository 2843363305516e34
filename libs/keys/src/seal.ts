import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { decodeBase64url, encodeBase64url } from './base64url.js';
import type { Keyring, Purpose } from './keyring.js';

const VERSION = 1;
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;
const OPTIONS = { authTagLength: TAG_LENGTH } as const;

/**
 * Each part with its length before it, so that no two lists give the same bytes; the purpose and the head of the sealed
 * text are under the tag as well.
 */
const associatedData = (purpose: Purpose, head: Uint8Array, aad: string | readonly string[]): Uint8Array => {
  const parts = [purpose, ...(typeof aad === 'string' ? [aad] : aad)].map((part) => Buffer.from(part, 'utf8'));
  const lengths = parts.map((part) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(part.length);
    return length;
  });
  return Buffer.concat([head, ...parts.flatMap((part, index) => [lengths[index] ?? Buffer.alloc(4), part])]);
};

/**
 * AES-256-GCM under the current key of the purpose: version byte, length and text of the key id, 12 random bytes of nonce,
 * ciphertext, tag. `aad` says where the plaintext belongs and must be the same at `open`: for a column
 * [tenant, table, column, row].
 * Nonces are random: a key may seal 2^32 times (NIST SP 800-38D section 8.3), so rotate it before.
 */
export const seal = (
  keyring: Keyring,
  purpose: Purpose,
  plaintext: Uint8Array,
  aad: string | readonly string[],
): Uint8Array => {
  const key = keyring.current(purpose);
  const head = Buffer.concat([Buffer.from([VERSION, key.id.length]), Buffer.from(key.id, 'ascii')]);
  const nonce = randomBytes(NONCE_LENGTH);
  const cipher = createCipheriv('aes-256-gcm', key.secret, nonce, OPTIONS);
  cipher.setAAD(associatedData(purpose, head, aad));
  return Buffer.concat([head, nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
};

/**
 * What was sealed, or undefined: another purpose, another place, a key that is gone, a changed or foreign text.
 * Never throws for bad input.
 */
export const open = (
  keyring: Keyring,
  purpose: Purpose,
  sealed: Uint8Array,
  aad: string | readonly string[],
): Uint8Array | undefined => {
  const idLength = sealed[1];
  if (sealed[0] !== VERSION || idLength === undefined) return undefined;
  const nonceAt = 2 + idLength;
  const textAt = nonceAt + NONCE_LENGTH;
  const tagAt = sealed.length - TAG_LENGTH;
  if (tagAt < textAt) return undefined;
  const head = sealed.subarray(0, nonceAt);
  const key = keyring.byId(purpose, Buffer.from(head.subarray(2)).toString('latin1'));
  if (key === undefined) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key.secret, sealed.subarray(nonceAt, textAt), OPTIONS);
  decipher.setAAD(associatedData(purpose, head, aad));
  decipher.setAuthTag(sealed.subarray(tagAt));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(textAt, tagAt)), decipher.final()]);
  } catch {
    return undefined;
  }
};

/** The id of the key that something was sealed under, whether or not the keyring has it; undefined for what was not sealed. */
export const sealedUnder = (sealed: Uint8Array): string | undefined => {
  const idLength = sealed[1];
  if (sealed[0] !== VERSION || idLength === undefined || sealed.length < 2 + idLength) return undefined;
  return Buffer.from(sealed.subarray(2, 2 + idLength)).toString('latin1');
};

/** `seal` in base64url, for forms, cookies and claims. */
export const sealToText = (
  keyring: Keyring,
  purpose: Purpose,
  plaintext: Uint8Array | string,
  aad: string | readonly string[],
): string => {
  const bytes = typeof plaintext === 'string' ? Buffer.from(plaintext, 'utf8') : plaintext;
  return encodeBase64url(seal(keyring, purpose, bytes, aad));
};

/** `open` of strict base64url. */
export const openText = (
  keyring: Keyring,
  purpose: Purpose,
  sealed: string,
  aad: string | readonly string[],
): Uint8Array | undefined => {
  const bytes = decodeBase64url(sealed);
  return bytes === undefined ? undefined : open(keyring, purpose, bytes, aad);
};
