import { clientSigningAlgorithmSchema } from '@signet/protocol';
import type { ClientSigningAlgorithm } from '@signet/protocol';
import { clientJwkSchema, hasSecretMember, importClientJwk, isOfAlgorithm, thumbprint } from './client-jwk.js';
import { parseClientJws, readClientClaims } from './verify-client-jwt.js';
import type { ClientJwtClaims, ClientJwtFault } from './verify-client-jwt.js';
import { verifyBytes } from './signature.js';

export type DpopProofVerification =
  | {
      readonly ok: true;
      /** RFC 9449 section 6.1: the thumbprint of the key (RFC 7638), by SHA-256. */
      readonly jkt: string;
      readonly claims: ClientJwtClaims;
    }
  | { readonly ok: false; readonly fault: ClientJwtFault };

const fault = (reason: ClientJwtFault): DpopProofVerification => ({ ok: false, fault: reason });

/**
 * Verifies that whoever made a DPoP proof has the key in it: RFC 9449 section 4.3, checks 2 and 4 to 7. A result, never a
 * throw. It does not check any claim: htm, htu, iat, jti, ath and nonce are the protocol's.
 */
export const verifyDpopProof = ({
  proof,
  algorithms,
}: {
  readonly proof: string;
  readonly algorithms: readonly ClientSigningAlgorithm[];
}): DpopProofVerification => {
  const parsed = parseClientJws({ jwt: proof, typ: ['dpop+jwt'] }, 'jwk');
  if (!parsed.ok) return parsed;
  const { header, signature, signingInput } = parsed.jws;
  // Check 5: a registered asymmetric digital signature algorithm, not none, and acceptable to us.
  const alg = clientSigningAlgorithmSchema.safeParse(header.alg).data;
  if (alg === undefined || !algorithms.includes(alg)) return fault('algorithm');
  const jwk = clientJwkSchema.safeParse(header.jwk).data;
  if (jwk === undefined) return fault('malformed');
  // Check 7: the jwk does not contain a private key.
  if (hasSecretMember(jwk)) return fault('key_header');
  if (!isOfAlgorithm(jwk, alg)) return fault('unknown_key');
  const key = importClientJwk(jwk);
  if (key === undefined) return fault('weak_key');
  if (!verifyBytes(alg, key, signingInput, signature)) return fault('signature');
  const read = readClientClaims(parsed.jws);
  return read.ok ? { ok: true, jkt: thumbprint(key), claims: read.claims } : read;
};
