import type { RegisteredClient } from './client.js';
import { invalidScope } from './errors/oauth-error.js';
import type { RequestParameters } from './parameters.js';
import { scopesWithin } from './resource.js';
import { fail, ok } from './result.js';
import type { Result } from './result.js';
import { parseScope } from './scope.js';

/**
 * RFC 6749 section 3.3: the scopes that a person may be asked for. Those that the client is not registered for are left out
 * (OpenID Connect Core 1.0 section 3.1.2.1: not understood, SHOULD be ignored), and the token response says what was
 * granted. So is offline_access (section 11) where no refresh token could come, or without openid, and what no resource
 * that is named knows (RFC 8707 section 2.2). A request of which nothing is left fails. It does not check the resources.
 */
export const requestedScopes = (
  parameters: RequestParameters,
  { client, resourceServers }: Pick<RegisteredClient, 'client' | 'resourceServers'>,
  { refreshable }: { readonly refreshable: boolean },
): Result<readonly string[]> => {
  const scope = parameters.get('scope');
  if (scope === undefined) return fail(invalidScope('The parameter scope is missing'));
  const asked = parseScope(scope);
  if (!asked.ok) return asked;
  const offline = refreshable && asked.value.includes('openid') && client.grantTypes.includes('refresh_token');
  const usable = asked.value.filter(
    (token) => client.scopes.includes(token) && (token !== 'offline_access' || offline),
  );
  if (usable.length === 0) return fail(invalidScope('The client may use none of these scopes'));
  const scopes = scopesWithin(parameters.all('resource'), usable, resourceServers);
  return scopes.length === 0 ? fail(invalidScope('The resource has none of these scopes')) : ok(scopes);
};
