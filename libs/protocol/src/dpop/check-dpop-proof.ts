import { fail, ok } from '../result.js';
import type { Result } from '../result.js';
import { checkAccessTokenHash } from './checks/access-token-hash.js';
import type { DpopCheckContext } from './checks/check.js';
import { checkHttpMethod } from './checks/http-method.js';
import { checkHttpUri } from './checks/http-uri.js';
import { checkIssuedAt } from './checks/issued-at.js';
import { checkNonce } from './checks/nonce.js';
import { checkProofId } from './checks/proof-id.js';
import { singleProof } from './checks/single-proof.js';
import { invalidProof } from './dpop-proof.js';
import type { DpopDeps, DpopFault, DpopProof, DpopRequest } from './dpop-proof.js';

/**
 * RFC 9449 section 4.3, whole: one proof, its signature, each claim, and last of all that nobody has brought it before; so
 * call it when nothing but the right itself is left to check. It does not compare the key with what a token is bound to.
 */
export const checkDpopProof = async (request: DpopRequest, deps: DpopDeps): Promise<Result<DpopProof, DpopFault>> => {
  const text = singleProof(request.proofs);
  if (!text.ok) return text;
  const signed = deps.signatures.verify(text.value);
  if (!signed.ok) return fail(invalidProof('The DPoP proof is malformed or its signature is wrong', signed.fault));
  const proof = checkClaims(signed.jkt, { claims: signed.claims, request, deps });
  if (!proof.ok) return proof;
  const first = await deps.replays.spend(proof.value);
  return first ? proof : fail(invalidProof('The DPoP proof was used before', 'replayed'));
};

const checkClaims = (jkt: string, context: DpopCheckContext): Result<DpopProof, DpopFault> => {
  for (const check of [checkHttpMethod, checkHttpUri, checkAccessTokenHash]) {
    const result = check(context);
    if (!result.ok) return result;
  }
  const issuedAt = checkIssuedAt(context);
  if (!issuedAt.ok) return issuedAt;
  const proofId = checkProofId(context);
  if (!proofId.ok) return proofId;
  // After all that a nonce would not mend.
  const nonce = checkNonce(context);
  if (!nonce.ok) return nonce;
  return ok({ jkt, proofId: proofId.value, issuedAt: issuedAt.value });
};
