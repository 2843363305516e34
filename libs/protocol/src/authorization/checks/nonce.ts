import { invalidRequest } from '../../errors/oauth-error.js';
import { fail, ok } from '../../result.js';
import { requestedParts } from '../response-type.js';
import type { AuthorizationCheck } from './check.js';

/**
 * OpenID Connect Core 1.0 sections 3.2.2.1 and 3.3.2.11: REQUIRED wherever an ID token comes by way of the browser, since
 * the nonce alone tells that it was made for this request. `code` and `code token` do without.
 */
export const checkNonce: AuthorizationCheck<string | undefined> = ({ parameters }) => {
  const nonce = parameters.get('nonce');
  return nonce === undefined && requestedParts(parameters).idToken
    ? fail(invalidRequest('A nonce is required for this response_type'))
    : ok(nonce);
};
