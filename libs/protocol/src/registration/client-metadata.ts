import { z } from 'zod';
import {
  clientSchema,
  grantTypeSchema,
  optionalMetadata,
  responseTypes,
  signingAlgorithms,
  tokenEndpointAuthMethods,
} from '../client.js';
import type { Client } from '../client.js';
import { formatScope } from '../scope.js';
import { gatherLocalized, localizedMetadata } from './localized-metadata.js';

/** Multiple Response Type Encoding Practices section 3: the order of the words does not matter. */
const inOrder = (value: unknown): unknown =>
  typeof value === 'string' ? (responseTypes.find((type) => sorted(type) === sorted(value)) ?? value) : value;

const sorted = (words: string): string => words.split(' ').sort().join(' ');

const uri = z.url().max(2048);
const uris = z.array(uri).max(50);

/** By wire name, what a client may say of itself (RFC 7591 section 2, OpenID Connect Registration 1.0 section 2). All may be absent. */
const members = {
  client_name: z.string().min(1).max(200).optional(),
  client_uri: uri.optional(),
  logo_uri: optionalMetadata.logoUri,
  policy_uri: optionalMetadata.policyUri,
  tos_uri: optionalMetadata.tosUri,
  contacts: optionalMetadata.contacts,
  localized: localizedMetadata.optional(),
  application_type: optionalMetadata.applicationType,
  redirect_uris: uris.optional(),
  post_logout_redirect_uris: uris.optional(),
  grant_types: z.array(grantTypeSchema).max(10).optional(),
  response_types: z
    .array(z.preprocess(inOrder, z.enum(responseTypes)))
    .max(10)
    .optional(),
  scope: z.string().max(4096).optional(),
  token_endpoint_auth_method: z.enum(tokenEndpointAuthMethods).optional(),
  token_endpoint_auth_signing_alg: optionalMetadata.tokenEndpointAuthSigningAlg,
  jwks: optionalMetadata.jwks,
  jwks_uri: optionalMetadata.jwksUri,
  subject_type: optionalMetadata.subjectType,
  sector_identifier_uri: optionalMetadata.sectorIdentifierUri,
  id_token_signed_response_alg: z.enum([...signingAlgorithms, 'none']).optional(),
  id_token_encrypted_response_alg: optionalMetadata.idTokenEncryptedResponseAlg,
  id_token_encrypted_response_enc: optionalMetadata.idTokenEncryptedResponseEnc,
  userinfo_signed_response_alg: optionalMetadata.userinfoSignedResponseAlg,
  userinfo_encrypted_response_alg: optionalMetadata.userinfoEncryptedResponseAlg,
  userinfo_encrypted_response_enc: optionalMetadata.userinfoEncryptedResponseEnc,
  request_object_signing_alg: optionalMetadata.requestObjectSigningAlg,
  request_object_encryption_alg: optionalMetadata.requestObjectEncryptionAlg,
  request_object_encryption_enc: optionalMetadata.requestObjectEncryptionEnc,
  default_max_age: z.int().nonnegative().optional(),
  require_auth_time: z.boolean().optional(),
  default_acr_values: optionalMetadata.defaultAcrValues,
  initiate_login_uri: optionalMetadata.initiateLoginUri,
  request_uris: optionalMetadata.requestUris,
  require_pushed_authorization_requests: optionalMetadata.requirePushedAuthorizationRequests,
  require_signed_request_object: optionalMetadata.requireSignedRequestObject,
  dpop_bound_access_tokens: optionalMetadata.dpopBoundAccessTokens,
  frontchannel_logout_uri: optionalMetadata.frontchannelLogoutUri,
  frontchannel_logout_session_required: optionalMetadata.frontchannelLogoutSessionRequired,
  backchannel_logout_uri: optionalMetadata.backchannelLogoutUri,
  backchannel_logout_session_required: optionalMetadata.backchannelLogoutSessionRequired,
  software_id: optionalMetadata.softwareId,
  software_version: optionalMetadata.softwareVersion,
} as const;

/** Metadata as a client registers it. Unknown members are ignored (RFC 7591 section 2). */
export const registeredMetadata = z.preprocess(gatherLocalized('ignored'), z.object(members));

/** Metadata as an administrator writes it, with members of ours beside it. Unknown members are refused. */
export const declaredMetadata = <S extends z.core.$ZodLooseShape>(ours: S) =>
  z.preprocess(gatherLocalized('refused'), z.strictObject({ ...members, ...ours }));

export type WireMetadata = z.output<typeof registeredMetadata>;

type WireName = Exclude<keyof typeof members, 'localized' | 'scope'>;

/** The one table of names: what is told on the wire so, a Client has so. `scope` and the localised members are converted beside it. */
const names = {
  client_name: 'name',
  client_uri: 'clientUri',
  logo_uri: 'logoUri',
  policy_uri: 'policyUri',
  tos_uri: 'tosUri',
  contacts: 'contacts',
  application_type: 'applicationType',
  redirect_uris: 'redirectUris',
  post_logout_redirect_uris: 'postLogoutRedirectUris',
  grant_types: 'grantTypes',
  response_types: 'responseTypes',
  token_endpoint_auth_method: 'tokenEndpointAuthMethod',
  token_endpoint_auth_signing_alg: 'tokenEndpointAuthSigningAlg',
  jwks: 'jwks',
  jwks_uri: 'jwksUri',
  subject_type: 'subjectType',
  sector_identifier_uri: 'sectorIdentifierUri',
  id_token_signed_response_alg: 'idTokenSignedResponseAlg',
  id_token_encrypted_response_alg: 'idTokenEncryptedResponseAlg',
  id_token_encrypted_response_enc: 'idTokenEncryptedResponseEnc',
  userinfo_signed_response_alg: 'userinfoSignedResponseAlg',
  userinfo_encrypted_response_alg: 'userinfoEncryptedResponseAlg',
  userinfo_encrypted_response_enc: 'userinfoEncryptedResponseEnc',
  request_object_signing_alg: 'requestObjectSigningAlg',
  request_object_encryption_alg: 'requestObjectEncryptionAlg',
  request_object_encryption_enc: 'requestObjectEncryptionEnc',
  default_max_age: 'defaultMaxAge',
  require_auth_time: 'requireAuthTime',
  default_acr_values: 'defaultAcrValues',
  initiate_login_uri: 'initiateLoginUri',
  request_uris: 'requestUris',
  require_pushed_authorization_requests: 'requirePushedAuthorizationRequests',
  require_signed_request_object: 'requireSignedRequestObject',
  dpop_bound_access_tokens: 'dpopBoundAccessTokens',
  frontchannel_logout_uri: 'frontchannelLogoutUri',
  frontchannel_logout_session_required: 'frontchannelLogoutSessionRequired',
  backchannel_logout_uri: 'backchannelLogoutUri',
  backchannel_logout_session_required: 'backchannelLogoutSessionRequired',
  software_id: 'softwareId',
  software_version: 'softwareVersion',
} as const satisfies Readonly<Record<WireName, keyof Client>>;

const entries = Object.entries(names) as [WireName, (typeof names)[WireName]][];
const wireNames: ReadonlyMap<string, string> = new Map(entries.map(([wire, ours]) => [ours, wire]));

/** What clients say of themselves, of all that a Client has. */
export const clientMetadataSchema = clientSchema.omit({
  clientId: true,
  tenantId: true,
  version: true,
  enabled: true,
  requirePkce: true,
  accessTokenAlg: true,
  consent: true,
  profile: true,
  introspects: true,
  shownLogos: true,
  authority: true,
});
export type ClientMetadata = z.infer<typeof clientMetadataSchema>;

/**
 * Metadata from the wire, with the defaults of the specifications (RFC 7591 section 2, OpenID Connect Registration 1.0
 * section 2); `fallback` is for what they leave to the server. Does not check that members fit each other.
 */
export function clientMetadataOf(
  wire: WireMetadata,
  fallback: { readonly name: string; readonly scopes: readonly string[] },
): ClientMetadata {
  const { scope, localized } = wire;
  const given = entries.flatMap(([name, ours]) => (wire[name] === undefined ? [] : [[ours, wire[name]]]));
  const grantTypes = wire.grant_types ?? ['authorization_code'];
  return clientMetadataSchema.parse({
    name: fallback.name,
    redirectUris: [],
    postLogoutRedirectUris: [],
    grantTypes,
    responseTypes: grantTypes.includes('authorization_code') ? ['code'] : [],
    tokenEndpointAuthMethod: 'client_secret_basic',
    idTokenSignedResponseAlg: 'RS256',
    requireAuthTime: false,
    ...Object.fromEntries(given),
    scopes: scope === undefined ? [...fallback.scopes] : [...new Set(scope.split(' ').filter((name) => name !== ''))],
    ...(localized !== undefined && { localized }),
  });
}

/** A client's metadata as the wire has it, defaults included (RFC 7591 section 3.2.1). */
export function wireMetadataOf(client: ClientMetadata): Readonly<Record<string, unknown>> {
  const told = entries.flatMap(([wire, ours]) => (client[ours] === undefined ? [] : [[wire, client[ours]] as const]));
  return { ...Object.fromEntries<unknown>(told), scope: formatScope(client.scopes), ...client.localized };
}

/** The wire's name of a member, for whoever is told of a fault in it. */
export const wireNameOf = (member: string): string =>
  member === 'scopes' ? 'scope' : (wireNames.get(member) ?? member);
