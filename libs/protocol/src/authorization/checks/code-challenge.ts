import { clientPolicy } from '../../client-policy.js';
import { invalidRequest } from '../../errors/oauth-error.js';
import { isCodeChallenge } from '../../pkce.js';
import { fail, ok } from '../../result.js';
import { requestedParts } from '../response-type.js';
import type { AuthorizationCheck } from './check.js';

/**
 * RFC 7636 section 4.3 and 4.4.1. A challenge without a method means `plain`, which RFC 9700 section 2.1.1 tells us not to
 * take: it would show the verifier in the request. Where no code is asked for, there is nothing that it could protect.
 */
export const checkCodeChallenge: AuthorizationCheck<string | undefined> = ({ parameters, client }) => {
  if (!requestedParts(parameters).code) return ok(undefined);
  const challenge = parameters.get('code_challenge');
  const method = parameters.get('code_challenge_method');
  if (challenge === undefined) {
    if (method !== undefined) return fail(invalidRequest('A code_challenge_method needs a code_challenge'));
    return clientPolicy(client).requirePkce ? fail(invalidRequest('A code_challenge is required')) : ok(undefined);
  }
  if (method !== 'S256') return fail(invalidRequest('The code_challenge_method must be S256'));
  if (!isCodeChallenge(challenge)) return fail(invalidRequest('The code_challenge is malformed'));
  return ok(challenge);
};
