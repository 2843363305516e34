import { createHash, timingSafeEqual } from 'node:crypto';
import type { Digests, SigningAlgorithm } from '@signet/protocol';

/** Texts are hashed as UTF-8. */
export const sha256 = (data: string | Uint8Array): Uint8Array => createHash('sha256').update(data).digest();

export const sha256Text = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('base64url');

/** Compares in a time that depends on the lengths alone. */
export const timingSafeEqualText = (left: string, right: string): boolean => {
  const a = Buffer.from(left, 'utf8');
  const b = Buffer.from(right, 'utf8');
  return a.length === b.length && timingSafeEqual(a, b);
};

/** The hash that an algorithm signs with; Ed25519 hashes by SHA-512 inside (RFC 8032 section 5.1). */
const hashOf: Readonly<Record<SigningAlgorithm, 'sha256' | 'sha512'>> = {
  RS256: 'sha256',
  PS256: 'sha256',
  ES256: 'sha256',
  EdDSA: 'sha512',
};

/** at_hash, c_hash and s_hash: OpenID Connect Core 1.0 section 3.1.3.6. `alg`: of the ID token that will hold it. */
export const leftHalfHash = (alg: SigningAlgorithm, value: string): string => {
  const hash = createHash(hashOf[alg]).update(value, 'ascii').digest();
  return hash.subarray(0, hash.length / 2).toString('base64url');
};

/** The port of libs/protocol. */
export const digests: Digests = { sha256: sha256Text, equal: timingSafeEqualText };
