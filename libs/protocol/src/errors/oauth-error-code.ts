/** RFC 6749 section 4.1.2.1: the authorization endpoint. */
type AuthorizationErrorCode =
  | 'invalid_request'
  | 'unauthorized_client'
  | 'access_denied'
  | 'unsupported_response_type'
  | 'invalid_scope'
  | 'server_error'
  | 'temporarily_unavailable';

/** RFC 6749 section 5.2: the token endpoint. */
type TokenErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'invalid_scope';

/** RFC 6750 section 3.1: a protected resource, such as userinfo. */
type BearerErrorCode = 'invalid_request' | 'invalid_token' | 'insufficient_scope';

/** RFC 7009 section 2.2.1. */
type RevocationErrorCode = 'unsupported_token_type';

/** RFC 8707 section 2. */
type ResourceErrorCode = 'invalid_target';

/** RFC 9449 sections 5, 7.1 and 8. */
type DpopErrorCode = 'invalid_dpop_proof' | 'use_dpop_nonce';

/** RFC 8628 section 3.5. */
type DeviceErrorCode = 'authorization_pending' | 'slow_down' | 'expired_token';

/** OpenID Connect Core 1.0 section 3.1.2.6. */
type OpenIdErrorCode =
  | 'interaction_required'
  | 'login_required'
  | 'account_selection_required'
  | 'consent_required'
  | 'invalid_request_uri'
  | 'invalid_request_object'
  | 'request_not_supported'
  | 'request_uri_not_supported'
  | 'registration_not_supported'
  /** OpenID Connect Core Error Code unmet_authentication_requirements 1.0. */
  | 'unmet_authentication_requirements';

/** RFC 7591 section 3.2.2. */
type RegistrationErrorCode = 'invalid_redirect_uri' | 'invalid_client_metadata';

export type OAuthErrorCode =
  | AuthorizationErrorCode
  | TokenErrorCode
  | BearerErrorCode
  | RevocationErrorCode
  | ResourceErrorCode
  | DpopErrorCode
  | RegistrationErrorCode
  | DeviceErrorCode
  | OpenIdErrorCode;
