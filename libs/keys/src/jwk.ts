import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { keyEncryptionAlgorithmSchema, signingAlgorithmSchema } from '@signet/protocol';
import type { SigningAlgorithm } from '@signet/protocol';
import { z } from 'zod';

const members = { kid: z.string().min(1), use: z.literal('sig') };

/** A public signing key as /jwks shows it (RFC 7517). Strict: a private member would be refused, not dropped. */
export const publicJwkSchema = z.discriminatedUnion('kty', [
  z.strictObject({
    ...members,
    kty: z.literal('RSA'),
    alg: signingAlgorithmSchema.extract(['RS256', 'PS256']),
    n: z.base64url(),
    e: z.base64url(),
  }),
  z.strictObject({
    ...members,
    kty: z.literal('EC'),
    alg: signingAlgorithmSchema.extract(['ES256']),
    crv: z.literal('P-256'),
    x: z.base64url(),
    y: z.base64url(),
  }),
  z.strictObject({
    ...members,
    kty: z.literal('OKP'),
    alg: signingAlgorithmSchema.extract(['EdDSA']),
    crv: z.literal('Ed25519'),
    x: z.base64url(),
  }),
]);
export type PublicJwk = z.infer<typeof publicJwkSchema>;

const encryptionMembers = { kid: z.string().min(1), use: z.literal('enc') };

/** A public key that clients encrypt to us with, as /jwks shows it beside the signing ones. As strict. */
export const publicEncryptionJwkSchema = z.discriminatedUnion('kty', [
  z.strictObject({
    ...encryptionMembers,
    kty: z.literal('RSA'),
    alg: keyEncryptionAlgorithmSchema.extract(['RSA-OAEP-256']),
    n: z.base64url(),
    e: z.base64url(),
  }),
  z.strictObject({
    ...encryptionMembers,
    kty: z.literal('EC'),
    alg: keyEncryptionAlgorithmSchema.extract(['ECDH-ES']),
    crv: z.literal('P-256'),
    x: z.base64url(),
    y: z.base64url(),
  }),
]);
export type PublicEncryptionJwk = z.infer<typeof publicEncryptionJwkSchema>;

/** What verifies; `alg` is the one algorithm that this key may be used with (RFC 8725 section 3.1). */
export interface VerificationKey {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  readonly publicKey: KeyObject;
}

/** Throws for what is not a public key: it comes out of our own store. */
export const importVerificationKey = (jwk: PublicJwk): VerificationKey => {
  const key = publicJwkSchema.parse(jwk);
  return { kid: key.kid, alg: key.alg, publicKey: createPublicKey({ key, format: 'jwk' }) };
};

/** RFC 7517 section 5: the body of /jwks. */
export const jwks = (
  keys: readonly (PublicJwk | PublicEncryptionJwk)[],
): { readonly keys: readonly (PublicJwk | PublicEncryptionJwk)[] } => ({
  keys: keys.map((key) => (key.use === 'enc' ? publicEncryptionJwkSchema.parse(key) : publicJwkSchema.parse(key))),
});
