import { z } from 'zod';

/** RFC 8628 section 3.4. */
export const DEVICE_CODE_GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:device_code';

export const grantTypes = [
  'authorization_code',
  'implicit',
  'refresh_token',
  'client_credentials',
  DEVICE_CODE_GRANT_TYPE,
] as const;
/** OAuth 2.0 Multiple Response Type Encoding Practices sections 3 and 5, with the words of each in this order. */
export const responseTypes = [
  'code',
  'id_token',
  'id_token token',
  'code id_token',
  'code token',
  'code id_token token',
] as const;
export const tokenEndpointAuthMethods = [
  'client_secret_basic',
  'client_secret_post',
  'client_secret_jwt',
  'private_key_jwt',
  'none',
] as const;
/** What we sign with. EdDSA is by Ed25519 keys alone. */
export const signingAlgorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;
/**
 * What clients sign with. Ed25519 (RFC 9864 section 2.2) makes the signature that RFC 8037 calls EdDSA, and is another name all the
 * same: whoever registers one signs by that one.
 */
export const clientSigningAlgorithms = [...signingAlgorithms, 'Ed25519'] as const;
/** With client_secret_jwt (RFC 7518 section 3.2); nothing of ours is signed so. */
export const macAlgorithms = ['HS256', 'HS384', 'HS512'] as const;
/** Of ours towards clients, and of clients towards us (RFC 7518 section 4). */
export const keyEncryptionAlgorithms = ['RSA-OAEP-256', 'ECDH-ES'] as const;
export const contentEncryptionAlgorithms = ['A128CBC-HS256', 'A256GCM'] as const;
export const subjectTypes = ['public', 'pairwise'] as const;
export const applicationTypes = ['web', 'native'] as const;
export const consentPolicies = ['explicit', 'remembered', 'first_party'] as const;
/** By its operator; or by itself (RFC 7591 appendix A.1): `protected`, with an initial access token, or `open` to anybody. */
export const clientRegistrations = ['operator', 'protected', 'open'] as const;
export const clientProfiles = ['oidc', 'fapi2-security', 'fapi2-message-signing'] as const;

export const grantTypeSchema = z.enum(grantTypes);
export const signingAlgorithmSchema = z.enum(signingAlgorithms);
export const clientSigningAlgorithmSchema = z.enum(clientSigningAlgorithms);

export const macAlgorithmSchema = z.enum(macAlgorithms);
export const keyEncryptionAlgorithmSchema = z.enum(keyEncryptionAlgorithms);
export const contentEncryptionAlgorithmSchema = z.enum(contentEncryptionAlgorithms);

export type GrantType = z.infer<typeof grantTypeSchema>;
export type ResponseType = (typeof responseTypes)[number];
export type SigningAlgorithm = z.infer<typeof signingAlgorithmSchema>;
export type ClientSigningAlgorithm = z.infer<typeof clientSigningAlgorithmSchema>;
export type MacAlgorithm = z.infer<typeof macAlgorithmSchema>;
export type KeyEncryptionAlgorithm = z.infer<typeof keyEncryptionAlgorithmSchema>;
export type ContentEncryptionAlgorithm = z.infer<typeof contentEncryptionAlgorithmSchema>;
export type SubjectType = (typeof subjectTypes)[number];
export type TokenEndpointAuthMethod = (typeof tokenEndpointAuthMethods)[number];
export type ConsentPolicy = (typeof consentPolicies)[number];

/** A public key of a client, as registered or fetched: what of it is usable is decided where it is used. */
export const clientJwksSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(100) });
export type ClientJwks = z.infer<typeof clientJwksSchema>;

/**
 * What a client need not have (OpenID Connect Dynamic Client Registration 1.0 section 2, RFC 7591 section 2, and the
 * specifications named). Absent means the specification's default.
 */
export const optionalMetadata = {
  applicationType: z.enum(applicationTypes).optional(),
  contacts: z.array(z.string().max(320)).max(20).optional(),
  logoUri: z.url().optional(),
  policyUri: z.url().optional(),
  tosUri: z.url().optional(),
  /** `client_name#fr` and its like, by their names on the wire. */
  localized: z.record(z.string(), z.string()).optional(),
  jwks: clientJwksSchema.optional(),
  jwksUri: z.url().optional(),
  subjectType: z.enum(subjectTypes).optional(),
  sectorIdentifierUri: z.url().optional(),
  tokenEndpointAuthSigningAlg: z.enum([...clientSigningAlgorithms, ...macAlgorithms]).optional(),
  idTokenEncryptedResponseAlg: keyEncryptionAlgorithmSchema.optional(),
  /** A128CBC-HS256 where absent; the same for the two below. */
  idTokenEncryptedResponseEnc: contentEncryptionAlgorithmSchema.optional(),
  /** Absent: userinfo is plain JSON. */
  userinfoSignedResponseAlg: signingAlgorithmSchema.optional(),
  userinfoEncryptedResponseAlg: keyEncryptionAlgorithmSchema.optional(),
  userinfoEncryptedResponseEnc: contentEncryptionAlgorithmSchema.optional(),
  /** `none`: unsigned ones are taken too, as if absent. Where set, no other algorithm is. */
  requestObjectSigningAlg: z.enum([...clientSigningAlgorithms, 'none']).optional(),
  requestObjectEncryptionAlg: keyEncryptionAlgorithmSchema.optional(),
  requestObjectEncryptionEnc: contentEncryptionAlgorithmSchema.optional(),
  defaultAcrValues: z.array(z.string().max(200)).max(20).optional(),
  initiateLoginUri: z.url().optional(),
  /** Registered request_uri values, with or without a fragment. */
  requestUris: z.array(z.string().max(2048)).max(50).optional(),
  /** RFC 9126 section 6. */
  requirePushedAuthorizationRequests: z.boolean().optional(),
  /** RFC 9101 section 10.5. */
  requireSignedRequestObject: z.boolean().optional(),
  /** RFC 9449 section 5.2. */
  dpopBoundAccessTokens: z.boolean().optional(),
  /** OpenID Connect Front-Channel Logout 1.0 section 2. */
  frontchannelLogoutUri: z.url().max(2048).optional(),
  frontchannelLogoutSessionRequired: z.boolean().optional(),
  /** OpenID Connect Back-Channel Logout 1.0 section 2.2. */
  backchannelLogoutUri: z.url().max(2048).optional(),
  backchannelLogoutSessionRequired: z.boolean().optional(),
  softwareId: z.string().max(200).optional(),
  softwareVersion: z.string().max(200).optional(),
} as const;

/**
 * What somebody may do by its roles: permissions by the identifier of the resource server that they are of. `version` is that of
 * what roles give in the tenant, apart from the version of whoever has them.
 */
export const authoritySchema = z.object({
  version: z.int().nonnegative(),
  permissions: z.record(z.string(), z.array(z.string())),
});
export type Authority = z.infer<typeof authoritySchema>;

/** A client as the protocol needs it. `version` is that of the copy. */
export const clientSchema = z.object({
  clientId: z.string().min(1).max(256),
  tenantId: z.string().min(1),
  version: z.int().nonnegative(),
  enabled: z.boolean(),
  name: z.string().min(1).max(200),
  clientUri: z.url().optional(),
  redirectUris: z.array(z.string()),
  postLogoutRedirectUris: z.array(z.string()),
  grantTypes: z.array(grantTypeSchema),
  responseTypes: z.array(z.enum(responseTypes)),
  tokenEndpointAuthMethod: z.enum(tokenEndpointAuthMethods),
  requirePkce: z.boolean(),
  /** The scopes that it may ask for. */
  scopes: z.array(z.string()),
  /** `none` for clients of the code flow alone that are registered so (OpenID Connect Core 1.0 section 2). */
  idTokenSignedResponseAlg: z.enum([...signingAlgorithms, 'none']),
  /** Where set, it is preferred to the algorithm of the resource server. */
  accessTokenAlg: signingAlgorithmSchema.optional(),
  consent: z.enum(consentPolicies),
  profile: z.enum(clientProfiles),
  /** Seconds (OpenID Connect Dynamic Client Registration 1.0 section 2). */
  defaultMaxAge: z.int().nonnegative().optional(),
  requireAuthTime: z.boolean(),
  /** Identifiers of the resource servers for which it may introspect tokens. */
  introspects: z.array(z.string()),
  /** What it may do where it acts for itself. */
  authority: authoritySchema.optional(),
  /** How it came to be; absent where nobody has kept it. */
  registration: z.enum(clientRegistrations).optional(),
  /** The names on the wire of its logo_uri members of which there is a picture to show. */
  shownLogos: z.array(z.string()).optional(),
  ...optionalMetadata,
});
export type Client = z.infer<typeof clientSchema>;

/**
 * For the one who authenticates clients: `secretHashes` are SHA-256 in base64url, any may match. `sealedSecrets`, in
 * base64url, are those of clients of client_secret_jwt, whose MAC needs the secret itself.
 */
export const clientWithSecretsSchema = clientSchema.extend({
  secretHashes: z.array(z.base64url().length(43)),
  sealedSecrets: z.array(z.base64url()).optional(),
});
export type ClientWithSecrets = z.infer<typeof clientWithSecretsSchema>;

/** Who may be named in `aud`, and the scopes that lead there. `identifier` is the resource indicator (RFC 8707). */
export const resourceServerSchema = z.object({
  identifier: z.string().min(1).max(1024),
  scopes: z.array(z.string()),
  accessTokenAlg: signingAlgorithmSchema.optional(),
  /** Whether roles can give something at it. */
  hasPermissions: z.boolean().optional(),
  /** Whether its access tokens have a place in a status list (draft-ietf-oauth-status-list). */
  statusList: z.boolean().optional(),
});
export type ResourceServer = z.infer<typeof resourceServerSchema>;

/** A client with the resource servers of its tenant: what both /authorize and /token judge by. */
export interface RegisteredClient<C extends Client = Client> {
  readonly client: C;
  readonly resourceServers: readonly ResourceServer[];
}

/** Finds a client of the tenant that the request came in for. A disabled one is found, and refused by the checks. */
export interface ClientDirectory<C extends Client = Client> {
  find(clientId: string): Promise<RegisteredClient<C> | undefined>;
}

/** RFC 6749 section 2.1. */
export const isPublicClient = ({ tokenEndpointAuthMethod }: Pick<Client, 'tokenEndpointAuthMethod'>): boolean =>
  tokenEndpointAuthMethod === 'none';

/** Whether somebody answers for what the client is: the operator, or whom the operator has given an initial access token. */
export const isVouchedFor = ({ registration }: Pick<Client, 'registration'>): boolean =>
  registration === 'operator' || registration === 'protected';
