import { fail, ok } from '../../result.js';
import type { Result } from '../../result.js';
import { invalidProof } from '../dpop-proof.js';
import type { DpopFault } from '../dpop-proof.js';

/** In characters. A proof of an RSA key of 4096 bits has a third of it. */
const PROOF_LIMIT = 8 * 1024;

/** RFC 9449 section 4.3, 1: there is not more than one DPoP HTTP request header field. */
export const singleProof = (proofs: readonly string[]): Result<string, DpopFault> => {
  const [proof, ...others] = proofs;
  if (proof === undefined) return fail(invalidProof('A DPoP proof is required', 'missing'));
  if (others.length > 0) return fail(invalidProof('There must be one DPoP header', 'several_headers'));
  return proof.length > PROOF_LIMIT ? fail(invalidProof('The DPoP proof is too long', 'too_long')) : ok(proof);
};
