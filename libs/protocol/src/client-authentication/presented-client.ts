import type { TokenEndpointAuthMethod } from '../client.js';
import { invalidClient, invalidRequest } from '../errors/oauth-error.js';
import type { RequestParameters } from '../parameters.js';
import { fail, ok } from '../result.js';
import type { Result } from '../result.js';
import { parseBasicCredentials } from './basic-credentials.js';

/** Who a request says that it comes from, and by which method; nothing is verified yet. */
export type PresentedClient =
  | { readonly method: Exclude<TokenEndpointAuthMethod, 'none'>; readonly clientId: string; readonly secret: string }
  | { readonly method: 'none'; readonly clientId: string };

/**
 * RFC 6749 section 2.3: the client MUST NOT use more than one authentication method in each request, and section 5.2 has
 * that answered by invalid_request. A client_id in the body beside Basic is no method; it must be the same.
 */
export const presentedClient = (
  authorization: string | undefined,
  parameters: RequestParameters,
): Result<PresentedClient> => {
  const clientId = parameters.get('client_id');
  const secret = parameters.get('client_secret');
  if (parameters.get('client_assertion') !== undefined || parameters.get('client_assertion_type') !== undefined) {
    return fail(invalidClient('Client assertions are not supported'));
  }
  if (authorization !== undefined) {
    const basic = parseBasicCredentials(authorization);
    if (basic === undefined) return fail(invalidClient('The Authorization header is not well-formed HTTP Basic'));
    if (secret !== undefined) return fail(invalidRequest('The client used two methods to authenticate'));
    if (clientId !== undefined && clientId !== basic.clientId) {
      return fail(invalidRequest('The client_id differs from that of the Authorization header'));
    }
    return ok({ method: 'client_secret_basic', ...basic });
  }
  if (clientId === undefined) return fail(invalidClient('The client did not say who it is'));
  return ok(secret === undefined ? { method: 'none', clientId } : { method: 'client_secret_post', clientId, secret });
};
