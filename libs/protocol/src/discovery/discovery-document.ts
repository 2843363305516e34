import { prompts } from '../authorization/authorization-request.js';
import { responseModes } from '../authorization/response-mode.js';
import {
  clientSigningAlgorithms,
  contentEncryptionAlgorithms,
  grantTypes,
  keyEncryptionAlgorithms,
  macAlgorithms,
  responseTypes,
  signingAlgorithms,
  subjectTypes,
  tokenEndpointAuthMethods,
} from '../client.js';

/** Absolute URLs, from configuration. */
export interface Endpoints {
  readonly authorization: string;
  readonly token: string;
  readonly jwks: string;
  readonly userinfo: string;
  readonly introspection: string;
  readonly revocation: string;
  readonly pushedAuthorizationRequest: string;
  readonly endSession: string;
  readonly checkSession: string;
  readonly deviceAuthorization: string;
}

export interface DiscoveryInput {
  /** Absent where clients may not register themselves. */
  readonly registrationEndpoint?: string | undefined;
  readonly issuer: string;
  readonly endpoints: Endpoints;
  readonly scopes: readonly string[];
  readonly claims: readonly string[];
  readonly acrValues: readonly string[];
  readonly uiLocales: readonly string[];
}

export type DiscoveryDocument = Readonly<Record<string, string | boolean | readonly string[]>>;

const confidentialMethods = tokenEndpointAuthMethods.filter((method) => method !== 'none');
const assertionAlgorithms = [...clientSigningAlgorithms, ...macAlgorithms];

/**
 * OpenID Connect Discovery 1.0 section 3 and RFC 8414 section 2: one document for both addresses, naming what is
 * supported and no more. Members that default to true where absent are spelled out.
 */
export const discoveryDocument = (input: DiscoveryInput): DiscoveryDocument => ({
  issuer: input.issuer,
  authorization_endpoint: input.endpoints.authorization,
  token_endpoint: input.endpoints.token,
  jwks_uri: input.endpoints.jwks,
  userinfo_endpoint: input.endpoints.userinfo,
  introspection_endpoint: input.endpoints.introspection,
  revocation_endpoint: input.endpoints.revocation,
  pushed_authorization_request_endpoint: input.endpoints.pushedAuthorizationRequest,
  // RFC 9126 section 5; single clients may have to.
  require_pushed_authorization_requests: false,
  end_session_endpoint: input.endpoints.endSession,
  // Session Management 1.0 section 3.3, Front-Channel and Back-Channel Logout 1.0: `…_session_supported` is that sid is told.
  check_session_iframe: input.endpoints.checkSession,
  frontchannel_logout_supported: true,
  frontchannel_logout_session_supported: true,
  backchannel_logout_supported: true,
  backchannel_logout_session_supported: true,
  ...(input.registrationEndpoint !== undefined && { registration_endpoint: input.registrationEndpoint }),
  // RFC 8628 section 4.
  device_authorization_endpoint: input.endpoints.deviceAuthorization,
  // RFC 8414 section 3.2: claims with zero elements MUST be omitted.
  ...(input.scopes.length > 0 && { scopes_supported: input.scopes }),
  response_types_supported: responseTypes,
  response_modes_supported: responseModes,
  grant_types_supported: grantTypes,
  subject_types_supported: subjectTypes,
  id_token_signing_alg_values_supported: [...signingAlgorithms, 'none'],
  id_token_encryption_alg_values_supported: keyEncryptionAlgorithms,
  id_token_encryption_enc_values_supported: contentEncryptionAlgorithms,
  userinfo_signing_alg_values_supported: signingAlgorithms,
  userinfo_encryption_alg_values_supported: keyEncryptionAlgorithms,
  userinfo_encryption_enc_values_supported: contentEncryptionAlgorithms,
  token_endpoint_auth_methods_supported: tokenEndpointAuthMethods,
  token_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
  introspection_endpoint_auth_methods_supported: confidentialMethods,
  introspection_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
  revocation_endpoint_auth_methods_supported: tokenEndpointAuthMethods,
  revocation_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
  // RFC 7636; `plain` is not taken.
  code_challenge_methods_supported: ['S256'],
  // RFC 9449 section 5.1.
  dpop_signing_alg_values_supported: clientSigningAlgorithms,
  // RFC 9207 section 3.
  authorization_response_iss_parameter_supported: true,
  prompt_values_supported: prompts,
  acr_values_supported: input.acrValues,
  claim_types_supported: ['normal'],
  claims_supported: input.claims,
  ui_locales_supported: input.uiLocales,
  claims_parameter_supported: true,
  // `wap` is taken, and gets the same pages.
  display_values_supported: ['page', 'popup', 'touch'],
  request_parameter_supported: true,
  request_uri_parameter_supported: true,
  require_request_uri_registration: true,
  // `none` is for clients that registered it.
  request_object_signing_alg_values_supported: [...clientSigningAlgorithms, 'none'],
  request_object_encryption_alg_values_supported: keyEncryptionAlgorithms,
  request_object_encryption_enc_values_supported: contentEncryptionAlgorithms,
});
