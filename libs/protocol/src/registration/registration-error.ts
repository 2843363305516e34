import { oauthError } from '../errors/oauth-error.js';
import type { OAuthError, PrivatePart } from '../errors/oauth-error.js';

/** RFC 7591 section 3.2.2. */
export const invalidRedirectUri = (errorDescription: string, rest: PrivatePart = {}): OAuthError =>
  oauthError('invalid_redirect_uri', errorDescription, rest);

/** RFC 7591 section 3.2.2. */
export const invalidClientMetadata = (errorDescription: string, rest: PrivatePart = {}): OAuthError =>
  oauthError('invalid_client_metadata', errorDescription, rest);
