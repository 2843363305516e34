import { fail, ok } from '../../result.js';
import { invalidProof } from '../dpop-proof.js';
import type { DpopCheck } from './check.js';

/** RFC 9449 section 4.3, 12: beside an access token, ath is the base64url SHA-256 of its ASCII form. */
export const checkAccessTokenHash: DpopCheck = ({ claims, request, deps }) => {
  if (request.accessToken === undefined) return ok(undefined);
  const { ath } = claims;
  return typeof ath === 'string' && deps.digests.equal(ath, deps.digests.sha256(request.accessToken))
    ? ok(undefined)
    : fail(invalidProof('The ath of the DPoP proof does not match', 'ath'));
};
