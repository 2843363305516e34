import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { decodeBase64url, encodeBase64url } from './base64url.js';
import type { KeyringFile } from './keyring.js';

/**
 * Whoever holds the key that data keys of keyrings are wrapped under, outside of Signet. Both reject with an error whose message says what
 * to do and holds neither keys nor ciphertexts.
 */
export interface KeyManagement {
  /** Gives printable ASCII without spaces, at most 8,192 characters. */
  wrap(dataKey: Uint8Array): Promise<string>;
  /** What `wrap` was given, under the same key and for the same purpose; rejects for anything else. */
  unwrap(wrapped: string): Promise<Uint8Array>;
}

const FORMAT = 'signet-keyring-1';
const KEY_LENGTH = 32;
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;
const OPTIONS = { authTagLength: TAG_LENGTH } as const;

const ciphertextSchema = z.string().refine((text) => {
  const bytes = decodeBase64url(text);
  return bytes !== undefined && bytes.length > NONCE_LENGTH + TAG_LENGTH;
}, 'must be base64url');

/** A keyring file of which everything but its form is encrypted: what a file or a Secret has in the keyring's place. */
export const wrappedKeyringSchema = z.strictObject({
  format: z.literal(FORMAT),
  /** The name of the key that `data_key` is wrapped under. */
  wrapped_by: z.string().min(1).max(512),
  data_key: z
    .string()
    .max(8_192)
    .regex(/^[\x21-\x7e]+$/, 'must be what the key management service gave'),
  /** Nonce, ciphertext and tag of AES-256-GCM over the keyring's JSON. */
  ciphertext: ciphertextSchema,
});
export type WrappedKeyring = z.infer<typeof wrappedKeyringSchema>;

/** Whether this is meant to be a wrapped keyring, well formed or not. */
export const isWrapped = (json: unknown): boolean => typeof json === 'object' && json !== null && 'wrapped_by' in json;

/** Binds what is encrypted to its purpose and to the name of the key, so that a file cannot be made to ask another one. */
const associatedData = (wrappedBy: string): Uint8Array => Buffer.from(JSON.stringify([FORMAT, wrappedBy]), 'utf8');

/** The keyring under a new data key, which `management` wraps by the key that is named `wrappedBy`. */
export async function wrapKeyring(
  keyring: KeyringFile,
  wrappedBy: string,
  management: KeyManagement,
): Promise<WrappedKeyring> {
  const dataKey = randomBytes(KEY_LENGTH);
  try {
    const nonce = randomBytes(NONCE_LENGTH);
    const cipher = createCipheriv('aes-256-gcm', dataKey, nonce, OPTIONS);
    cipher.setAAD(associatedData(wrappedBy));
    const sealed = [nonce, cipher.update(JSON.stringify(keyring), 'utf8'), cipher.final(), cipher.getAuthTag()];
    const ciphertext = encodeBase64url(Buffer.concat(sealed));
    return { format: FORMAT, wrapped_by: wrappedBy, data_key: await management.wrap(dataKey), ciphertext };
  } finally {
    dataKey.fill(0);
  }
}

/** Gives what was wrapped, and does not check that it is a keyring. Rejects where the file was changed, and where `management` does. */
export async function unwrapKeyring(wrapped: WrappedKeyring, management: KeyManagement): Promise<unknown> {
  const dataKey = await management.unwrap(wrapped.data_key);
  const text = opened(wrapped, dataKey);
  dataKey.fill(0);
  if (text === undefined)
    throw new Error(
      'was changed after it was wrapped, or put together of two: put back the file as "signet keyring wrap" wrote it',
    );
  return JSON.parse(text);
}

function opened({ wrapped_by: wrappedBy, ciphertext }: WrappedKeyring, dataKey: Uint8Array): string | undefined {
  const bytes = decodeBase64url(ciphertext);
  if (bytes === undefined || dataKey.length !== KEY_LENGTH) return undefined;
  const tagAt = bytes.length - TAG_LENGTH;
  const decipher = createDecipheriv('aes-256-gcm', dataKey, bytes.subarray(0, NONCE_LENGTH), OPTIONS);
  decipher.setAAD(associatedData(wrappedBy));
  decipher.setAuthTag(bytes.subarray(tagAt));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_LENGTH, tagAt)), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}
