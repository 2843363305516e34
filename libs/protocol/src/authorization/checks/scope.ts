import { invalidScope } from '../../errors/oauth-error.js';
import { requestedScopes } from '../../requested-scopes.js';
import { fail } from '../../result.js';
import { requestedParts } from '../response-type.js';
import type { AuthorizationCheck } from './check.js';

/** Without openid it is a plain OAuth request, which gets no ID token; no refresh token comes without a code. */
export const checkScope: AuthorizationCheck<readonly string[]> = ({ parameters, client, resourceServers }) => {
  const { code, idToken } = requestedParts(parameters);
  const scopes = requestedScopes(parameters, { client, resourceServers }, { refreshable: code });
  return scopes.ok && idToken && !scopes.value.includes('openid')
    ? fail(invalidScope('The scope openid is required for an ID token'))
    : scopes;
};
