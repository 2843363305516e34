export { toSeconds, fromSeconds } from './clock.js';
export type { Clock, Micros } from './clock.js';
export type { Random } from './random.js';
export type { Digests } from './digests.js';
export { ok, fail } from './result.js';
export type { Result } from './result.js';
export type { OAuthErrorCode } from './errors/oauth-error-code.js';
export {
  accessDenied,
  consentRequired,
  descriptionText,
  invalidClient,
  invalidGrant,
  invalidRequest,
  invalidRequestObject,
  invalidRequestUri,
  invalidScope,
  invalidTarget,
  loginRequired,
  oauthError,
  oauthErrorBody,
  registrationNotSupported,
  requestNotSupported,
  requestUriNotSupported,
  temporarilyUnavailable,
  unauthorizedClient,
  unmetAuthenticationRequirements,
  unsupportedGrantType,
  unsupportedResponseType,
} from './errors/oauth-error.js';
export type { OAuthError, OAuthErrorBody, PrivatePart } from './errors/oauth-error.js';
export { insufficientScope, invalidBearerRequest, invalidToken, missingToken } from './errors/bearer-error.js';
export { dpopNonceHeader } from './errors/dpop-error.js';
export { BODY_LIMIT, QUERY_LIMIT, parseParameters, requestParameters } from './parameters.js';
export type { ParsedParameters, RequestParameters } from './parameters.js';
export {
  DEVICE_CODE_GRANT_TYPE,
  applicationTypes,
  clientJwksSchema,
  clientProfiles,
  clientRegistrations,
  authoritySchema,
  clientSchema,
  clientWithSecretsSchema,
  consentPolicies,
  contentEncryptionAlgorithmSchema,
  contentEncryptionAlgorithms,
  grantTypeSchema,
  grantTypes,
  isPublicClient,
  isVouchedFor,
  keyEncryptionAlgorithmSchema,
  keyEncryptionAlgorithms,
  macAlgorithmSchema,
  macAlgorithms,
  optionalMetadata,
  resourceServerSchema,
  responseTypes,
  clientSigningAlgorithms,
  clientSigningAlgorithmSchema,
  signingAlgorithmSchema,
  signingAlgorithms,
  subjectTypes,
  tokenEndpointAuthMethods,
} from './client.js';
export type {
  Authority,
  Client,
  ClientDirectory,
  ClientJwks,
  ClientWithSecrets,
  ConsentPolicy,
  ContentEncryptionAlgorithm,
  GrantType,
  KeyEncryptionAlgorithm,
  MacAlgorithm,
  RegisteredClient,
  ResourceServer,
  ResponseType,
  ClientSigningAlgorithm,
  SigningAlgorithm,
  SubjectType,
  TokenEndpointAuthMethod,
} from './client.js';
export { clientPolicy } from './client-policy.js';
export type { ClientPolicy } from './client-policy.js';
export { accountScopes, covers, formatScope, parseScope, within } from './scope.js';
export { checkResources, openResources, targetOf } from './resource.js';
export { isLoopbackHost, isRegisteredRedirectUri, redirectUriFault, webHostOf, withQuery } from './redirect-uri.js';
export { challengeOf, isCodeChallenge, isCodeVerifier } from './pkce.js';
export { uuidFromText, uuidToText } from './uuid-text.js';

export { authorizationRequestSchema, displays, prompts } from './authorization/authorization-request.js';
export type { AskingRequest, AuthorizationRequest, Display, Prompt } from './authorization/authorization-request.js';
export { validateAuthorizationRequest } from './authorization/authorization-endpoint.js';
export type { AuthorizationOutcome } from './authorization/authorization-endpoint.js';
export { errorDelivery } from './authorization/error-delivery.js';
export type { ErrorDelivery, ErrorOccasion } from './authorization/error-delivery.js';
export type { IdTokenHints } from './authorization/checks/id-token-hint.js';
export { authorizationResponse } from './authorization/authorization-response.js';
export type {
  AuthorizationResponse,
  CarriedResponse,
  IssuedResponse,
  ResponseTarget,
} from './authorization/authorization-response.js';
export { defaultResponseMode, responseModes } from './authorization/response-mode.js';
export type { ResponseMode } from './authorization/response-mode.js';
export { mayUseResponseType, parseResponseType, responseParts } from './authorization/response-type.js';
export type { ResponseParts } from './authorization/response-type.js';
export { frontChannelAuthorization } from './authorization/front-channel.js';
export type { AuthorizationEndpointDeps } from './authorization/authorization-endpoint.js';
export type { RequestEndpoint } from './authorization/requested-parameters.js';
export type {
  AskedRequest,
  PushedReference,
  RequestObjects,
  ResolvedRequest,
} from './request-object/request-objects.js';
export { openRequestObject } from './request-object/open-request-object.js';
export type { RequestObjectCryptography, RequestObjectDeps } from './request-object/open-request-object.js';
export {
  claimedContentHash,
  formatPushedRequestUri,
  isPushedRequestUri,
  isRegisteredRequestUri,
  parsePushedRequestUri,
} from './request-object/request-uri.js';
export { satisfies } from './authorization/satisfies.js';
export type { AuthorizationFacts, NextStep, SessionFacts } from './authorization/satisfies.js';

export { isOfType } from './client-jwt.js';
export type { ClientJwtAlgorithm, ClientJwts, ClientJwtVerdict } from './client-jwt.js';
export type { AssertionRecipients } from './client-authentication/assertion-audience.js';
export type { ClientAssertions, SpentAssertions } from './client-authentication/client-assertion.js';
export { JWT_BEARER_ASSERTION } from './client-authentication/presented-client.js';
export { authenticateClient } from './client-authentication/authenticate-client.js';
export type {
  ClientAuthenticationDeps,
  ClientAuthenticationRequest,
} from './client-authentication/authenticate-client.js';

export { boundKey, pushedRequestKey } from './dpop/bound-key.js';
export { dpopNonces } from './dpop/dpop-nonces.js';
export type {
  DpopDeps,
  DpopNonces,
  DpopProof,
  DpopReplayStore,
  DpopRequest,
  DpopSignatures,
} from './dpop/dpop-proof.js';
export type { KeyedMac } from './keyed-mac.js';

export { handleTokenRequest } from './token-endpoint/token-endpoint.js';
export type { TokenEndpointDeps, TokenEndpointOutcome, TokenEndpointRequest } from './token-endpoint/token-endpoint.js';
export type { Authorization, AuthorizationSubject, GrantFacts } from './token-endpoint/authorization.js';
export type { Grant, GrantContext } from './token-endpoint/grant.js';
export { NO_STORE, issueTokenSet } from './token-endpoint/token-set.js';
export type { IdTokenCompanions, TokenMinter, TokenResponse } from './token-endpoint/token-set.js';
export { formatAuthorizationCode, parseAuthorizationCode } from './token-endpoint/authorization-code.js';
export type { AuthorizationCode } from './token-endpoint/authorization-code.js';
export { formatRefreshToken, parseRefreshToken } from './token-endpoint/refresh-token.js';
export type { RefreshMac, RefreshToken } from './token-endpoint/refresh-token.js';
export { authorizationCodeGrant } from './token-endpoint/grants/authorization-code/authorization-code.grant.js';
export type {
  AuthorizationCodeStore,
  CodeRedemption,
  CodeRedemptionResult,
} from './token-endpoint/grants/authorization-code/authorization-code-store.js';
export { refreshTokenGrant } from './token-endpoint/grants/refresh-token/refresh-token.grant.js';
export type {
  FamilyRotation,
  FamilyRotationResult,
  RefreshFamilyStore,
} from './token-endpoint/grants/refresh-token/refresh-family-store.js';
export { clientCredentialsGrant } from './token-endpoint/grants/client-credentials/client-credentials.grant.js';
export type {
  ClientCredentialsIssue,
  ClientCredentialsResult,
  ClientCredentialsStore,
} from './token-endpoint/grants/client-credentials/client-credentials-store.js';

export { deviceCodeGrant } from './token-endpoint/grants/device-code/device-code.grant.js';
export type {
  DeviceCodeStore,
  DevicePoll,
  DevicePollResult,
} from './token-endpoint/grants/device-code/device-code-store.js';
export { handleDeviceAuthorization } from './device-authorization/device-authorization-endpoint.js';
export type {
  DeviceAuthorizationDeps,
  DeviceAuthorizationResponse,
} from './device-authorization/device-authorization-endpoint.js';
export type {
  DeviceAuthorization,
  DeviceAuthorizationResult,
  DeviceAuthorizationStore,
} from './device-authorization/device-authorization-store.js';
export { formatDeviceCode, parseDeviceCode } from './device-authorization/device-code.js';
export { formatUserCode, newUserCode, parseUserCode, userCodeHash } from './device-authorization/user-code.js';

export { ensureMayIntrospect, introspectionResponse, presentedToken } from './introspection/introspection.js';
export type { IntrospectionResponse, LiveToken, PresentedToken, TokenTypeHint } from './introspection/introspection.js';
export { mayRevoke } from './revocation/revocation.js';
export { presentedAccessToken } from './userinfo/presented-access-token.js';
export type { PresentedAccessToken, ResourceRequest } from './userinfo/presented-access-token.js';
export { ensureTokenBinding } from './userinfo/token-binding.js';
export { ensureUserinfoAccess } from './userinfo/userinfo.js';
export { sessionState } from './session-management/session-state.js';
export type { SessionStateInput } from './session-management/session-state.js';
export { decideLogout, logoutRequest } from './logout/logout.js';
export type { HintFacts, LogoutDecision, LogoutFacts, LogoutRequest } from './logout/logout.js';
export { acceptsStatusList, STATUS_LIST_MEDIA_TYPE } from './status-list/accepts-status-list.js';
export { statusBits } from './status-list/status-bits.js';
export { discoveryDocument } from './discovery/discovery-document.js';
export type { DiscoveryDocument, DiscoveryInput, Endpoints } from './discovery/discovery-document.js';
export {
  clientMetadataOf,
  clientMetadataSchema,
  declaredMetadata,
  registeredMetadata,
  wireMetadataOf,
  wireNameOf,
} from './registration/client-metadata.js';
export type { ClientMetadata, WireMetadata } from './registration/client-metadata.js';
export { clientNameIn, localizedMember, localizedName, localizedValue } from './registration/localized-metadata.js';
export { hostsOf, sectorOf, subjectFor, type SubjectSource } from './subject.js';
export { invalidClientMetadata, invalidRedirectUri } from './registration/registration-error.js';
export { initiateLogin } from './initiate-login/initiate-login.js';
