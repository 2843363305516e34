import type { OAuthError } from '../errors/oauth-error.js';

/** What goes back to the client by way of the browser. */
export type AuthorizationResponse =
  { readonly code: string } | { readonly error: Pick<OAuthError, 'error' | 'errorDescription'> };

/**
 * The URL of the response: RFC 6749 section 4.1.2 and 4.1.2.1, with `iss` (RFC 9207 section 2) in success and error alike.
 * The query that a registered redirect_uri has of its own is kept as it is (RFC 6749 section 3.1.2).
 * It does not check the redirect_uri.
 */
export const authorizationResponseUrl = (
  target: { readonly redirectUri: string; readonly state?: string | undefined; readonly issuer: string },
  response: AuthorizationResponse,
): string => {
  const answer = new URLSearchParams(
    'code' in response
      ? { code: response.code }
      : { error: response.error.error, error_description: response.error.errorDescription },
  );
  if (target.state !== undefined) answer.set('state', target.state);
  answer.set('iss', target.issuer);
  const { redirectUri } = target;
  if (!redirectUri.includes('?')) return `${redirectUri}?${answer.toString()}`;
  const separator = redirectUri.endsWith('?') || redirectUri.endsWith('&') ? '' : '&';
  return `${redirectUri}${separator}${answer.toString()}`;
};
