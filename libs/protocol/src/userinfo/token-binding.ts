import type { DpopDeps, DpopRequest } from '../dpop/dpop-proof.js';
import { checkDpopProof } from '../dpop/check-dpop-proof.js';
import { dpopResourceError, invalidToken } from '../errors/bearer-error.js';
import { fail, ok } from '../result.js';
import type { Result } from '../result.js';
import type { PresentedAccessToken } from './presented-access-token.js';

/**
 * RFC 9449 sections 7.1 and 7.2: a token that is bound to a key comes by the scheme DPoP with a proof of that key, any other
 * as a bearer token; neither is taken as the other. `token`: verified and alive. `request`: without its access token.
 */
export const ensureTokenBinding = async (
  token: { readonly jkt?: string | undefined },
  presented: PresentedAccessToken,
  request: Omit<DpopRequest, 'accessToken'>,
  deps: DpopDeps,
): Promise<Result<undefined>> => {
  const { scheme } = presented;
  if (scheme === 'Bearer') {
    // Section 7.2: MUST NOT be taken where the resource supports both.
    return token.jkt === undefined
      ? ok(undefined)
      : fail(invalidToken('The access token is bound to a key', { detail: 'bound_token_as_bearer' }));
  }
  if (token.jkt === undefined) {
    return fail(invalidToken('The access token is not bound to a key', { scheme, detail: 'bearer_token_as_dpop' }));
  }
  const proof = await checkDpopProof({ ...request, accessToken: presented.token }, deps);
  if (!proof.ok) return fail(dpopResourceError(proof.error, deps.nonces.current()));
  return proof.value.jkt === token.jkt
    ? ok(undefined)
    : fail(invalidToken('The access token is bound to another key', { scheme, detail: 'other_key' }));
};
