import { invalidScope } from '../../errors/oauth-error.js';
import { fail, ok } from '../../result.js';
import { parseScope } from '../../scope.js';
import { requestedParts } from '../response-type.js';
import type { AuthorizationCheck } from './check.js';

/**
 * RFC 6749 section 3.3. Without openid it is a plain OAuth request, which gets no ID token. Scopes that the client is not
 * registered for are left out (OpenID Connect Core 1.0 section 3.1.2.1: not understood, SHOULD be ignored), and the token
 * response says what was granted; a request of which nothing is left fails. offline_access is left out (section 11) where
 * the client cannot use a refresh token, where no code could bring one, or without openid.
 */
export const checkScope: AuthorizationCheck<readonly string[]> = ({ parameters, client }) => {
  const scope = parameters.get('scope');
  if (scope === undefined) return fail(invalidScope('The parameter scope is missing'));
  const asked = parseScope(scope);
  if (!asked.ok) return asked;
  const { code, idToken } = requestedParts(parameters);
  const offline = code && asked.value.includes('openid') && client.grantTypes.includes('refresh_token');
  const scopes = asked.value.filter(
    (token) => client.scopes.includes(token) && (token !== 'offline_access' || offline),
  );
  if (scopes.length === 0) return fail(invalidScope('The client may use none of these scopes'));
  return idToken && !scopes.includes('openid')
    ? fail(invalidScope('The scope openid is required for an ID token'))
    : ok(scopes);
};
