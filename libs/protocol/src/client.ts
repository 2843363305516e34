import { z } from 'zod';

const wellFormed = (text: string) => !text.includes('\u0000') && !/\p{Surrogate}/u.test(text);
const shortText = (max: number) => z.string().min(1).max(max).refine(wellFormed);

export const grantType = z.enum(['authorization_code', 'refresh_token', 'client_credentials']);
export type GrantType = z.infer<typeof grantType>;

export const responseType = z.enum(['code']);
export type ResponseType = z.infer<typeof responseType>;

export const tokenEndpointAuthMethod = z.enum(['client_secret_basic', 'client_secret_post', 'none']);
export type TokenEndpointAuthMethod = z.infer<typeof tokenEndpointAuthMethod>;

export const signingAlgorithm = z.enum(['RS256', 'PS256', 'ES256', 'EdDSA']);
export type SigningAlgorithm = z.infer<typeof signingAlgorithm>;

/**
 * Who decides that a client may act for a person: `explicit` asks each time, `remembered` once per scope,
 * `first_party` never (the operator vouches for it; set by administrators only).
 */
export const consentPolicy = z.enum(['explicit', 'remembered', 'first_party']);
export type ConsentPolicy = z.infer<typeof consentPolicy>;

/** What the protocol needs to know of a client: RFC 7591's metadata in camelCase, and ours. */
export const client = z.object({
  tenantId: z.string(),
  clientId: shortText(255),
  /** Grows with each change; a copy older than a raised client_version floor may not be used. */
  version: z.int().positive(),
  enabled: z.boolean(),
  clientName: shortText(200),
  clientUri: z.url().optional(),
  redirectUris: z.array(z.string().max(2048)),
  postLogoutRedirectUris: z.array(z.string().max(2048)),
  grantTypes: z.array(grantType),
  responseTypes: z.array(responseType),
  tokenEndpointAuthMethod,
  /** PKCE is required of public clients whatever this says. */
  requirePkce: z.boolean(),
  /** The scopes that it may ask for. */
  scopes: z.array(z.string()),
  idTokenSignedResponseAlg: signingAlgorithm,
  consent: consentPolicy,
  profile: z.enum(['oidc', 'fapi2-security', 'fapi2-message-signing']),
  /** Seconds; OpenID Connect Dynamic Client Registration section 2. */
  defaultMaxAge: z.int().nonnegative().optional(),
  requireAuthTime: z.boolean(),
  /** Identifiers of the resource servers whose tokens it may introspect. */
  introspects: z.array(z.string()),
});
export type Client = z.infer<typeof client>;

/** A client with the SHA-256 of each of its secrets (base64url); only the token service sees this. */
export const clientWithSecrets = client.extend({ secretHashes: z.array(z.string().regex(/^[A-Za-z0-9_-]{43}$/)) });
export type ClientWithSecrets = z.infer<typeof clientWithSecrets>;
