import { fail, ok } from '../../result.js';
import { invalidProof } from '../dpop-proof.js';
import type { DpopCheck } from './check.js';

/** In characters; a hash of it is kept. */
const PROOF_ID_LIMIT = 256;

/** RFC 9449 section 4.2: jti, a unique identifier for the proof. That it is unique, the store of proofs decides. */
export const checkProofId: DpopCheck<string> = ({ claims }) => {
  const { jti } = claims;
  return typeof jti === 'string' && jti !== '' && jti.length <= PROOF_ID_LIMIT
    ? ok(jti)
    : fail(invalidProof('The jti of the DPoP proof is missing or malformed', 'jti'));
};
