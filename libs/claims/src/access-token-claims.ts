import { formatScope, toSeconds } from '@signet/protocol';
import type { Micros } from '@signet/protocol';
import { z } from 'zod';

/** RFC 9068 section 2.1. */
export const ACCESS_TOKEN_TYPE = 'at+jwt';

/** What floors are held against; see `privateClaim`. */
export const PRIVATE_CLAIM = 'sgt';

export interface StatusReference {
  readonly idx: number;
  readonly uri: string;
}

export interface AccessTokenInput {
  readonly issuer: string;
  /** The account's sub, or the client_id for client_credentials (RFC 9068 section 2.2). */
  readonly sub: string;
  readonly audience: readonly string[];
  readonly clientId: string;
  readonly issuedAt: Micros;
  readonly expiresAt: Micros;
  readonly tokenId: string;
  readonly scopes: readonly string[];
  readonly authTime?: Micros | undefined;
  readonly acr?: string | undefined;
  readonly amr?: readonly string[] | undefined;
  /** What its subject may do at the resource server, by its roles. */
  readonly permissions?: readonly string[] | undefined;
  /** Thumbprint of the key that the token is bound to (RFC 9449 section 6.1). */
  readonly jkt?: string | undefined;
  /** Its place in a status list (draft-ietf-oauth-status-list section 6.2). */
  readonly status?: StatusReference | undefined;
  /** The private claim, sealed. */
  readonly sealed: string;
}

/**
 * RFC 9068 section 2.2; times in seconds. The same schema reads our own tokens back after their signature has been
 * verified.
 */
export const accessTokenClaimsSchema = z.object({
  iss: z.string(),
  sub: z.string(),
  aud: z.union([z.string(), z.array(z.string()).min(1)]),
  client_id: z.string(),
  exp: z.int(),
  iat: z.int(),
  jti: z.string(),
  scope: z.string().optional(),
  auth_time: z.int().optional(),
  acr: z.string().optional(),
  amr: z.array(z.string()).optional(),
  permissions: z.array(z.string()).optional(),
  cnf: z.object({ jkt: z.string() }).optional(),
  status: z.object({ status_list: z.object({ idx: z.int(), uri: z.string() }) }).optional(),
  [PRIVATE_CLAIM]: z.string(),
});
export type AccessTokenClaims = z.infer<typeof accessTokenClaimsSchema>;

/** A single audience is a string, several are an array (RFC 7519 section 4.1.3). */
export const accessTokenClaims = (input: AccessTokenInput): AccessTokenClaims => {
  const [first, ...others] = input.audience;
  if (first === undefined) throw new TypeError('an access token needs an audience');
  return {
    iss: input.issuer,
    sub: input.sub,
    aud: others.length === 0 ? first : [first, ...others],
    client_id: input.clientId,
    exp: toSeconds(input.expiresAt),
    iat: toSeconds(input.issuedAt),
    jti: input.tokenId,
    ...(input.scopes.length === 0 ? {} : { scope: formatScope(input.scopes) }),
    ...(input.authTime === undefined ? {} : { auth_time: toSeconds(input.authTime) }),
    ...(input.acr === undefined ? {} : { acr: input.acr }),
    ...(input.amr === undefined || input.amr.length === 0 ? {} : { amr: [...input.amr] }),
    ...(input.permissions === undefined ? {} : { permissions: [...input.permissions] }),
    ...(input.jkt === undefined ? {} : { cnf: { jkt: input.jkt } }),
    ...(input.status === undefined ? {} : { status: { status_list: input.status } }),
    [PRIVATE_CLAIM]: input.sealed,
  };
};
