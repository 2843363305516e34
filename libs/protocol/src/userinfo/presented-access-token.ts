import { invalidBearerRequest, missingToken } from '../errors/bearer-error.js';
import type { AccessTokenScheme } from '../errors/bearer-error.js';
import type { RequestParameters } from '../parameters.js';
import { fail, ok } from '../result.js';
import type { Result } from '../result.js';

export interface ResourceRequest {
  /** The Authorization header, as it came. */
  readonly authorization: string | undefined;
  /** Of the query string, where there was one. */
  readonly query?: RequestParameters | undefined;
  /** Of the body, for a POST of application/x-www-form-urlencoded alone (RFC 6750 section 2.2). */
  readonly body?: RequestParameters | undefined;
}

export interface PresentedAccessToken {
  readonly scheme: AccessTokenScheme;
  readonly token: string;
}

// RFC 6750 section 2.1 b64token, and RFC 9449 section 7.1 token68; the scheme is compared without case (RFC 9110 section 11.1).
const CREDENTIALS = /^(?:bearer|dpop) +([A-Za-z0-9\-._~+/]+=*)$/i;
const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

const schemeOf = (authorization: string): AccessTokenScheme | undefined => {
  if (/^bearer(?: |$)/i.test(authorization)) return 'Bearer';
  return /^dpop(?: |$)/i.test(authorization) ? 'DPoP' : undefined;
};

/**
 * RFC 6750 section 2: the token of a request, from header or body; MUST NOT be more than one method. The query
 * (section 2.3) is refused: it ends in logs. It does not verify the token, nor what it is bound to.
 */
export const presentedAccessToken = ({ authorization, query, body }: ResourceRequest): Result<PresentedAccessToken> => {
  const inBody = body?.get('access_token');
  if (query?.get('access_token') !== undefined) {
    return fail(invalidBearerRequest('An access token in the query is not accepted'));
  }
  if (authorization !== undefined && inBody !== undefined) {
    return fail(invalidBearerRequest('The access token was sent in more than one way'));
  }
  if (inBody !== undefined) {
    return TOKEN.test(inBody)
      ? ok({ scheme: 'Bearer', token: inBody })
      : fail(invalidBearerRequest('The access token is malformed'));
  }
  // Section 3.1: another scheme is no attempt at these.
  const scheme = authorization === undefined ? undefined : schemeOf(authorization);
  if (authorization === undefined || scheme === undefined) return fail(missingToken());
  const token = CREDENTIALS.exec(authorization)?.[1];
  return token === undefined
    ? fail(invalidBearerRequest('The Authorization header is malformed', { scheme }))
    : ok({ scheme, token });
};
