import { z } from 'zod';

export const grantTypes = ['authorization_code', 'refresh_token', 'client_credentials'] as const;
export const responseTypes = ['code'] as const;
export const tokenEndpointAuthMethods = ['client_secret_basic', 'client_secret_post', 'none'] as const;
export const signingAlgorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;
export const consentPolicies = ['explicit', 'remembered', 'first_party'] as const;
export const clientProfiles = ['oidc', 'fapi2-security', 'fapi2-message-signing'] as const;

export const grantTypeSchema = z.enum(grantTypes);
export const signingAlgorithmSchema = z.enum(signingAlgorithms);

export type GrantType = z.infer<typeof grantTypeSchema>;
export type SigningAlgorithm = z.infer<typeof signingAlgorithmSchema>;
export type TokenEndpointAuthMethod = (typeof tokenEndpointAuthMethods)[number];
export type ConsentPolicy = (typeof consentPolicies)[number];

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
  idTokenSignedResponseAlg: signingAlgorithmSchema,
  /** Where set, it is preferred to the algorithm of the resource server. */
  accessTokenAlg: signingAlgorithmSchema.optional(),
  consent: z.enum(consentPolicies),
  profile: z.enum(clientProfiles),
  /** Seconds (OpenID Connect Dynamic Client Registration 1.0 section 2). */
  defaultMaxAge: z.int().nonnegative().optional(),
  requireAuthTime: z.boolean(),
  /** Identifiers of the resource servers for which it may introspect tokens. */
  introspects: z.array(z.string()),
});
export type Client = z.infer<typeof clientSchema>;

/** For the one who authenticates clients: `secretHashes` are SHA-256 in base64url, any may match. */
export const clientWithSecretsSchema = clientSchema.extend({ secretHashes: z.array(z.base64url().length(43)) });
export type ClientWithSecrets = z.infer<typeof clientWithSecretsSchema>;

/** Who may be named in `aud`, and the scopes that lead there. `identifier` is the resource indicator (RFC 8707). */
export const resourceServerSchema = z.object({
  identifier: z.string().min(1).max(1024),
  scopes: z.array(z.string()),
  accessTokenAlg: signingAlgorithmSchema.optional(),
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
export const isPublicClient = (client: Client): boolean => client.tokenEndpointAuthMethod === 'none';
