import { createPrivateKey, createPublicKey, generateKeyPair } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { SigningAlgorithm } from '@signet/protocol';
import { thumbprint } from './client-jwk.js';
import { publicJwkSchema } from './jwk.js';
import type { PublicJwk } from './jwk.js';

const generate = promisify(generateKeyPair);

/** A key just made. `privatePkcs8` is DER in the clear: seal it before it is stored, and keep it out of messages. */
export interface GeneratedSigningKey {
  /** RFC 7638 thumbprint, SHA-256. */
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  readonly publicJwk: PublicJwk;
  readonly privatePkcs8: Uint8Array;
}

export interface SigningKey {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  readonly privateKey: KeyObject;
}

/** By the callback form: finding RSA primes takes up to a second, which belongs on the thread pool. */
const generatePrivateKey = async (alg: SigningAlgorithm): Promise<KeyObject> => {
  switch (alg) {
    case 'RS256':
    case 'PS256':
      return (await generate('rsa', { modulusLength: 2048 })).privateKey;
    case 'ES256':
      return (await generate('ec', { namedCurve: 'P-256' })).privateKey;
    case 'EdDSA':
      return (await generate('ed25519')).privateKey;
  }
};

export const generateSigningKey = async (alg: SigningAlgorithm): Promise<GeneratedSigningKey> => {
  const privateKey = await generatePrivateKey(alg);
  const publicKey = createPublicKey(privateKey);
  const kid = thumbprint(publicKey);
  const publicJwk = publicJwkSchema.parse({ ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' });
  return { kid, alg, publicJwk, privatePkcs8: privateKey.export({ type: 'pkcs8', format: 'der' }) };
};

const keyTypes: Readonly<Record<SigningAlgorithm, string>> = {
  RS256: 'rsa',
  PS256: 'rsa',
  ES256: 'ec',
  EdDSA: 'ed25519',
};

/** Throws for bytes that are no private key of the algorithm: they come out of our own store. */
export const importSigningKey = (stored: Pick<GeneratedSigningKey, 'kid' | 'alg' | 'privatePkcs8'>): SigningKey => {
  const privateKey = createPrivateKey({ key: Buffer.from(stored.privatePkcs8), type: 'pkcs8', format: 'der' });
  if (privateKey.asymmetricKeyType !== keyTypes[stored.alg]) throw new Error(`not a key for ${stored.alg}`);
  return { kid: stored.kid, alg: stored.alg, privateKey };
};
