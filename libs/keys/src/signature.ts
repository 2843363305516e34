import { constants, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { ClientSigningAlgorithm, SigningAlgorithm } from '@signet/protocol';

const signOnThreadPool = promisify(sign);

const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST } as const;
/** RFC 7518 section 3.4: R and S side by side, not DER. */
const P1363 = { dsaEncoding: 'ieee-p1363' } as const;

/** RFC 7518 section 3.3 to 3.5, RFC 8037. An EC or Ed25519 signature is cheaper than a turn through the thread pool. */
export const signBytes = async (alg: SigningAlgorithm, key: KeyObject, data: Uint8Array): Promise<Uint8Array> => {
  switch (alg) {
    case 'RS256':
      return signOnThreadPool('sha256', data, key);
    case 'PS256':
      return signOnThreadPool('sha256', data, { key, ...PSS });
    case 'ES256':
      return sign('sha256', data, { key, ...P1363 });
    case 'EdDSA':
      return sign(null, data, key);
  }
};

export const verifyBytes = (
  alg: ClientSigningAlgorithm,
  key: KeyObject,
  data: Uint8Array,
  signature: Uint8Array,
): boolean => {
  switch (alg) {
    case 'RS256':
      return hasModulusLength(key, signature) && verify('sha256', data, key, signature);
    case 'PS256':
      return hasModulusLength(key, signature) && verify('sha256', data, { key, ...PSS }, signature);
    case 'ES256':
      return verify('sha256', data, { key, ...P1363 }, signature);
    case 'EdDSA':
    case 'Ed25519':
      return verify(null, data, key, signature);
  }
};

/** RFC 8017 sections 8.1.2 and 8.2.2, step 1: OpenSSL takes a signature without its leading zeros, which would be a second text of one token. */
function hasModulusLength(key: KeyObject, signature: Uint8Array): boolean {
  return signature.length * 8 === key.asymmetricKeyDetails?.modulusLength;
}
