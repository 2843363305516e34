import type { OAuthErrorCode } from './oauth-error-code.js';

/**
 * An error as a client gets it, and what only our own log may say of it.
 * `error`, `errorDescription`, `status` and `headers` are public; `detail` and `cause` never leave the process.
 */
export interface OAuthError {
  readonly error: OAuthErrorCode;
  readonly errorDescription: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly detail?: string;
  readonly cause?: unknown;
}

/** What only the log sees. `detail` names the fact that decided, never a secret. */
export interface PrivatePart {
  readonly detail?: string;
  readonly cause?: unknown;
}

/** The body of an error response (RFC 6749 section 5.2). */
export interface OAuthErrorBody {
  readonly error: OAuthErrorCode;
  readonly error_description: string;
}

/** RFC 6749 section 5.2: error_description is of %x20-21 / %x23-5B / %x5D-7E; anything else becomes a question mark. */
export const descriptionText = (text: string): string =>
  text.replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/gu, '?').slice(0, 400);

export const oauthError = (
  error: OAuthErrorCode,
  errorDescription: string,
  rest: PrivatePart & { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
): OAuthError => ({ status: 400, ...rest, error, errorDescription: descriptionText(errorDescription) });

export const oauthErrorBody = (error: OAuthError): OAuthErrorBody => ({
  error: error.error,
  error_description: error.errorDescription,
});

type Constructor = (errorDescription: string, rest?: PrivatePart) => OAuthError;

const constructor =
  (error: OAuthErrorCode, status = 400): Constructor =>
  (errorDescription, rest = {}) =>
    oauthError(error, errorDescription, { ...rest, status });

export const invalidRequest = constructor('invalid_request');
export const invalidGrant = constructor('invalid_grant');
export const unauthorizedClient = constructor('unauthorized_client');
export const unsupportedGrantType = constructor('unsupported_grant_type');
export const unsupportedResponseType = constructor('unsupported_response_type');
export const invalidScope = constructor('invalid_scope');
export const invalidTarget = constructor('invalid_target');
export const accessDenied = constructor('access_denied');
export const authorizationPending = constructor('authorization_pending');
export const slowDown = constructor('slow_down');
export const expiredToken = constructor('expired_token');
export const loginRequired = constructor('login_required');
export const consentRequired = constructor('consent_required');
export const unmetAuthenticationRequirements = constructor('unmet_authentication_requirements');
export const invalidRequestObject = constructor('invalid_request_object');
export const invalidRequestUri = constructor('invalid_request_uri');
export const requestNotSupported = constructor('request_not_supported');
export const requestUriNotSupported = constructor('request_uri_not_supported');
export const registrationNotSupported = constructor('registration_not_supported');

/** RFC 6749 section 5.2: 401, and RFC 9110 section 15.5.2 has every 401 name a challenge. */
export const invalidClient = (errorDescription: string, rest: PrivatePart = {}): OAuthError =>
  oauthError('invalid_client', errorDescription, {
    ...rest,
    status: 401,
    headers: { 'WWW-Authenticate': 'Basic realm="signet", charset="UTF-8"' },
  });

/** 503 with Retry-After in seconds: something that we need is away; the same request may be sent again. */
export const temporarilyUnavailable = (
  errorDescription: string,
  rest: PrivatePart & { readonly retryAfter?: number } = {},
): OAuthError => {
  const { retryAfter = 1, ...privatePart } = rest;
  return oauthError('temporarily_unavailable', errorDescription, {
    ...privatePart,
    status: 503,
    headers: { 'Retry-After': String(retryAfter) },
  });
};
