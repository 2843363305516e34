import type { ContentEncryptionAlgorithm, KeyEncryptionAlgorithm } from '@signet/protocol';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { z } from 'zod';
import type { EncryptionKey, EncryptionRecipient } from './encryption-key.js';
import { parseSegment } from './jws.js';
import { CLIENT_JWT_LIMIT } from './verify-client-jwt.js';

/**
 * RFC 7516 in compact serialisation. `cty` is JWT where the plaintext is one (RFC 7519 section 5.2), and is left out where
 * the plaintext is a claims set. Throws only for a key that is not of its algorithm.
 */
export const encryptJwe = async (input: {
  readonly plaintext: string;
  readonly recipient: EncryptionRecipient;
  readonly enc: ContentEncryptionAlgorithm;
  readonly typ?: string | undefined;
  readonly cty?: string | undefined;
  /** Replicated from the claims (RFC 7519 section 5.3). */
  readonly iss?: string | undefined;
}): Promise<string> => {
  const { plaintext, recipient, enc, typ, cty, iss } = input;
  const { alg, kid, publicKey } = recipient;
  const told = { ...(kid !== undefined && { kid }), ...(typ && { typ }), ...(cty && { cty }), ...(iss && { iss }) };
  const header = { alg, enc, ...told };
  return new CompactEncrypt(Buffer.from(plaintext, 'utf8')).setProtectedHeader(header).encrypt(publicKey);
};

const headerSchema = z.looseObject({
  alg: z.string(),
  enc: z.string(),
  kid: z.string().max(256).optional(),
  typ: z.string().max(64).optional(),
  cty: z.string().max(64).optional(),
});
export type JweHeader = Readonly<z.infer<typeof headerSchema>>;

export type JweFault =
  'malformed' | 'critical_header' | 'key_header' | 'compression' | 'algorithm' | 'unknown_key' | 'undecryptable';

export type JweDecryption =
  | { readonly ok: true; readonly header: JweHeader; readonly plaintext: string }
  | { readonly ok: false; readonly fault: JweFault };

export interface JweExpectation {
  readonly jwe: string;
  /** Our own, with whose public halves it may have been encrypted. */
  readonly keys: readonly EncryptionKey[];
  readonly algs: readonly KeyEncryptionAlgorithm[];
  readonly encs: readonly ContentEncryptionAlgorithm[];
}

const fault = (reason: JweFault): JweDecryption => ({ ok: false, fault: reason });
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Five parts tell a JWE from a JWS: RFC 7516 section 9. */
export const isJwe = (jwt: string): boolean => jwt.split('.', 6).length === 5;

/**
 * Decrypts what was encrypted to us: RFC 7516 section 5.2. A result, never a throw, for whatever `jwe` holds. Whoever knows
 * our public key can have made it: it vouches for nothing, and the plaintext is verified as if it had come in the clear.
 */
export const decryptJwe = async ({ jwe, keys, algs, encs }: JweExpectation): Promise<JweDecryption> => {
  if (jwe.length > CLIENT_JWT_LIMIT || !isJwe(jwe)) return fault('malformed');
  const header = parseSegment(jwe.split('.', 1)[0] ?? '', headerSchema);
  if (header === undefined) return fault('malformed');
  // RFC 7516 section 4.1.13: we understand no extension.
  if ('crit' in header) return fault('critical_header');
  if (['jku', 'x5u', 'x5c', 'jwk'].some((name) => Object.hasOwn(header, name))) return fault('key_header');
  // RFC 8725 section 3.6: compression before encryption tells lengths, and inflates what we have to hold.
  if ('zip' in header) return fault('compression');
  const alg = algs.find((each) => each === header.alg);
  const enc = encs.find((each) => each === header.enc);
  if (alg === undefined || enc === undefined) return fault('algorithm');
  const found = keys.filter((key) => key.alg === alg && (header.kid === undefined || key.kid === header.kid));
  if (found.length === 0) return fault('unknown_key');
  const options = { keyManagementAlgorithms: [alg], contentEncryptionAlgorithms: [enc] };
  for (const { privateKey } of found) {
    // RFC 7516 section 11.5: jose goes on with a random key where the encrypted one does not open; one fault for all.
    const opened = await compactDecrypt(jwe, privateKey, options).catch(() => undefined);
    if (opened !== undefined) return decoded(header, opened.plaintext);
  }
  return fault('undecryptable');
};

function decoded(header: JweHeader, bytes: Uint8Array): JweDecryption {
  try {
    return { ok: true, header, plaintext: utf8.decode(bytes) };
  } catch {
    return fault('malformed');
  }
}
