import { createPrivateKey, createPublicKey, generateKeyPair } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { ClientJwks, KeyEncryptionAlgorithm } from '@signet/protocol';
import { allowsUse, importClientJwk, thumbprint } from './client-jwk.js';
import type { ClientJwk } from './client-jwk.js';
import { publicEncryptionJwkSchema } from './jwk.js';
import type { PublicEncryptionJwk } from './jwk.js';

const generate = promisify(generateKeyPair);

/** A key of ours, just made, for what clients encrypt to us. `privatePkcs8` is DER in the clear: seal it before it is stored. */
export interface GeneratedEncryptionKey {
  /** RFC 7638 thumbprint, SHA-256. */
  readonly kid: string;
  readonly alg: KeyEncryptionAlgorithm;
  readonly publicJwk: PublicEncryptionJwk;
  readonly privatePkcs8: Uint8Array;
}

export interface EncryptionKey {
  readonly kid: string;
  readonly alg: KeyEncryptionAlgorithm;
  readonly privateKey: KeyObject;
}

/** Whom something is encrypted for, by which of its keys. */
export interface EncryptionRecipient {
  readonly kid: string | undefined;
  readonly alg: KeyEncryptionAlgorithm;
  readonly publicKey: KeyObject;
}

/** By the callback form: finding RSA primes takes up to a second, which belongs on the thread pool. */
const generatePrivateKey = async (alg: KeyEncryptionAlgorithm): Promise<KeyObject> => {
  switch (alg) {
    case 'RSA-OAEP-256':
      return (await generate('rsa', { modulusLength: 2048 })).privateKey;
    case 'ECDH-ES':
      return (await generate('ec', { namedCurve: 'P-256' })).privateKey;
  }
};

export const generateEncryptionKey = async (alg: KeyEncryptionAlgorithm): Promise<GeneratedEncryptionKey> => {
  const privateKey = await generatePrivateKey(alg);
  const publicKey = createPublicKey(privateKey);
  const kid = thumbprint(publicKey);
  const publicJwk = publicEncryptionJwkSchema.parse({ ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'enc' });
  return { kid, alg, publicJwk, privatePkcs8: privateKey.export({ type: 'pkcs8', format: 'der' }) };
};

const ownKeyTypes: Readonly<Record<KeyEncryptionAlgorithm, string>> = { 'RSA-OAEP-256': 'rsa', 'ECDH-ES': 'ec' };

/** Throws for bytes that are no private key of the algorithm: they come out of our own store. */
export const importEncryptionKey = (
  stored: Pick<GeneratedEncryptionKey, 'kid' | 'alg' | 'privatePkcs8'>,
): EncryptionKey => {
  const privateKey = createPrivateKey({ key: Buffer.from(stored.privatePkcs8), type: 'pkcs8', format: 'der' });
  if (privateKey.asymmetricKeyType !== ownKeyTypes[stored.alg]) throw new Error(`not a key for ${stored.alg}`);
  return { kid: stored.kid, alg: stored.alg, privateKey };
};

/** RFC 7518 sections 4.3 and 4.6, RFC 8037 section 3.2; and the key_ops that each needs (RFC 7517 section 4.3). */
const recipientKeys: Readonly<
  Record<KeyEncryptionAlgorithm, { readonly types: readonly string[]; readonly keyOps: readonly string[] }>
> = {
  'RSA-OAEP-256': { types: ['RSA'], keyOps: ['wrapKey', 'encrypt'] },
  'ECDH-ES': { types: ['EC P-256', 'EC P-384', 'EC P-521', 'OKP X25519'], keyOps: ['deriveKey', 'deriveBits'] },
};

const typeOf = ({ kty, crv }: ClientJwk): string => (typeof crv === 'string' ? `${kty} ${crv}` : kty);

/**
 * The key of a client's set that something is to be encrypted with, or undefined where none will do. One that says it is
 * for encryption goes before one that says nothing (OpenID Connect Core 1.0 section 10.2).
 */
export const selectEncryptionKey = (
  { keys }: ClientJwks,
  alg: KeyEncryptionAlgorithm,
): EncryptionRecipient | undefined => {
  const { types, keyOps } = recipientKeys[alg];
  const fit = keys.filter((key) => types.includes(typeOf(key)) && allowsUse(key, { use: 'enc', keyOps, alg }));
  const marked = fit.filter((key) => key.use === 'enc');
  for (const jwk of [...marked, ...fit]) {
    const publicKey = importClientJwk(jwk);
    if (publicKey !== undefined) return { kid: typeof jwk.kid === 'string' ? jwk.kid : undefined, alg, publicKey };
  }
  return undefined;
};
