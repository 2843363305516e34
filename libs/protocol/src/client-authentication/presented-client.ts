import type { ClientJwts } from '../client-jwt.js';
import { invalidClient, invalidRequest } from '../errors/oauth-error.js';
import type { RequestParameters } from '../parameters.js';
import { fail, ok } from '../result.js';
import type { Result } from '../result.js';
import { parseBasicCredentials } from './basic-credentials.js';

/** RFC 7523 section 2.2. */
export const JWT_BEARER_ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Who a request says that it comes from, and by which method; nothing is verified yet. */
export type PresentedClient =
  | {
      readonly method: 'client_secret_basic' | 'client_secret_post';
      readonly clientId: string;
      readonly secret: string;
    }
  /** client_secret_jwt or private_key_jwt: which of them, the client has registered. */
  | { readonly method: 'assertion'; readonly clientId: string; readonly assertion: string }
  | { readonly method: 'none'; readonly clientId: string };

const presentedAssertion = (
  parameters: RequestParameters,
  jwts: Pick<ClientJwts, 'unverifiedClaims'>,
): Result<PresentedClient> => {
  const assertion = parameters.get('client_assertion');
  // RFC 7521 section 4.2: both are REQUIRED; an assertion of a kind that we do not know authenticates nobody.
  if (assertion === undefined || parameters.get('client_assertion_type') !== JWT_BEARER_ASSERTION) {
    return fail(invalidClient('The client assertion is not a JWT bearer assertion'));
  }
  const claimed = jwts.unverifiedClaims(assertion)?.['sub'];
  if (typeof claimed !== 'string') return fail(invalidClient('The client assertion is malformed'));
  // RFC 7521 section 4.2: client_id is unnecessary, and MUST name the same client.
  const clientId = parameters.get('client_id');
  if (clientId !== undefined && clientId !== claimed) {
    return fail(invalidRequest('The client_id differs from that of the client assertion'));
  }
  return ok({ method: 'assertion', clientId: claimed, assertion });
};

/**
 * RFC 6749 section 2.3: the client MUST NOT use more than one authentication method in each request, and section 5.2 has
 * that answered by invalid_request. A client_id in the body beside Basic is no method; it must be the same.
 */
export const presentedClient = (
  authorization: string | undefined,
  parameters: RequestParameters,
  jwts: Pick<ClientJwts, 'unverifiedClaims'>,
): Result<PresentedClient> => {
  const clientId = parameters.get('client_id');
  const secret = parameters.get('client_secret');
  const asserted =
    parameters.get('client_assertion') !== undefined || parameters.get('client_assertion_type') !== undefined;
  // An empty field is no method, and no credentials either (RFC 9110 section 11.6.2).
  const header = authorization !== undefined && authorization !== '';
  if ([header, secret !== undefined, asserted].filter(Boolean).length > 1) {
    return fail(invalidRequest('The client used two methods to authenticate'));
  }
  if (asserted) return presentedAssertion(parameters, jwts);
  if (authorization !== undefined) {
    const basic = parseBasicCredentials(authorization);
    if (basic === undefined) return fail(invalidClient('The Authorization header is not well-formed HTTP Basic'));
    if (clientId !== undefined && clientId !== basic.clientId) {
      return fail(invalidRequest('The client_id differs from that of the Authorization header'));
    }
    return ok({ method: 'client_secret_basic', ...basic });
  }
  if (clientId === undefined) return fail(invalidClient('The client did not say who it is'));
  return ok(secret === undefined ? { method: 'none', clientId } : { method: 'client_secret_post', clientId, secret });
};
