import { invalidRequest } from '../../errors/oauth-error.js';
import { fail, ok } from '../../result.js';
import { noClaims, parseClaimsParameter } from '../requested-claims.js';
import type { RequestedClaims } from '../requested-claims.js';
import type { AuthorizationCheck } from './check.js';

/** OpenID Connect Core 1.0 section 5.5. */
export const checkClaims: AuthorizationCheck<RequestedClaims> = ({ parameters }) => {
  const text = parameters.get('claims');
  if (text === undefined) return ok(noClaims);
  const claims = parseClaimsParameter(text);
  return claims === undefined ? fail(invalidRequest('The parameter claims is malformed')) : ok(claims);
};
