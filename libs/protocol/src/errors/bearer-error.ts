import { descriptionText, oauthError } from './oauth-error.js';
import type { OAuthError, PrivatePart } from './oauth-error.js';

const challenge = (members: Readonly<Record<string, string>>): Readonly<Record<string, string>> => ({
  'WWW-Authenticate': `Bearer ${Object.entries({ realm: 'signet', ...members })
    .map(([name, value]) => `${name}="${descriptionText(value)}"`)
    .join(', ')}`,
});

/** RFC 6750 section 3.1: a request without any authentication is told the scheme, and no error code. */
export const missingToken = (): OAuthError =>
  oauthError('invalid_token', 'An access token is required', { status: 401, headers: challenge({}) });

/** RFC 6750 section 3.1: expired, revoked, malformed or not meant for this resource. */
export const invalidToken = (errorDescription: string, rest: PrivatePart = {}): OAuthError =>
  oauthError('invalid_token', errorDescription, {
    ...rest,
    status: 401,
    headers: challenge({ error: 'invalid_token', error_description: errorDescription }),
  });

/** RFC 6750 section 3.1: the token is good, and its scope is not enough. */
export const insufficientScope = (scope: string, rest: PrivatePart = {}): OAuthError =>
  oauthError('insufficient_scope', `The scope ${scope} is required`, {
    ...rest,
    status: 403,
    headers: challenge({ error: 'insufficient_scope', error_description: `The scope ${scope} is required`, scope }),
  });

/** RFC 6750 section 3.1: more than one way of sending the token, or a malformed one. */
export const invalidBearerRequest = (errorDescription: string, rest: PrivatePart = {}): OAuthError =>
  oauthError('invalid_request', errorDescription, {
    ...rest,
    status: 400,
    headers: challenge({ error: 'invalid_request', error_description: errorDescription }),
  });
