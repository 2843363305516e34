import type { Client } from '../../client.js';
import { invalidRequest } from '../../errors/oauth-error.js';
import type { RequestParameters } from '../../parameters.js';
import { isRegisteredRedirectUri } from '../../redirect-uri.js';
import { fail, ok } from '../../result.js';
import type { Result } from '../../result.js';

/**
 * OpenID Connect Core 1.0 section 3.1.2.1: REQUIRED, and MUST exactly match a registered value. RFC 6749 section 4.1.2.1:
 * on a mismatch the server MUST NOT redirect, or it would be an open redirector.
 */
export const ensureRedirectUri = (parameters: RequestParameters, client: Client): Result<string> => {
  const redirectUri = parameters.get('redirect_uri');
  if (redirectUri === undefined) return fail(invalidRequest('The parameter redirect_uri is missing'));
  if (!isRegisteredRedirectUri(redirectUri, client)) {
    return fail(
      invalidRequest('The redirect_uri is not registered for this client', { detail: 'redirect_uri_mismatch' }),
    );
  }
  return ok(redirectUri);
};
