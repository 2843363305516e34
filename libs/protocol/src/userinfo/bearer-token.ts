import { invalidBearerRequest, missingToken } from '../errors/bearer-error.js';
import type { RequestParameters } from '../parameters.js';
import { fail, ok } from '../result.js';
import type { Result } from '../result.js';

export interface BearerRequest {
  /** The Authorization header, as it came. */
  readonly authorization: string | undefined;
  /** Of the query string, where there was one. */
  readonly query?: RequestParameters | undefined;
  /** Of the body, for a POST of application/x-www-form-urlencoded alone (RFC 6750 section 2.2). */
  readonly body?: RequestParameters | undefined;
}

// RFC 6750 section 2.1: b64token; the scheme is compared without case (RFC 9110 section 11.1).
const BEARER = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i;
const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

/**
 * RFC 6750 section 2: the token of a request, from header or body; MUST NOT be more than one method. The query
 * (section 2.3) is refused: it ends in logs. It does not verify the token.
 */
export const bearerToken = ({ authorization, query, body }: BearerRequest): Result<string> => {
  const inBody = body?.get('access_token');
  if (query?.get('access_token') !== undefined) {
    return fail(invalidBearerRequest('An access token in the query is not accepted'));
  }
  if (authorization !== undefined && inBody !== undefined) {
    return fail(invalidBearerRequest('The access token was sent in more than one way'));
  }
  if (inBody !== undefined) {
    return TOKEN.test(inBody) ? ok(inBody) : fail(invalidBearerRequest('The access token is malformed'));
  }
  // Section 3.1: another scheme is no attempt at this one.
  if (authorization === undefined || !/^bearer(?: |$)/i.test(authorization)) return fail(missingToken());
  const token = BEARER.exec(authorization)?.[1];
  return token === undefined ? fail(invalidBearerRequest('The Authorization header is malformed')) : ok(token);
};
