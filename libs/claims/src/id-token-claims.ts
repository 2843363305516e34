import { toSeconds } from '@signet/protocol';
import type { Micros } from '@signet/protocol';
import type { AccountClaims } from './account-claims.js';

/** `typ` in the header of an ID token. */
export const ID_TOKEN_TYPE = 'JWT';

export interface IdTokenInput {
  readonly issuer: string;
  readonly sub: string;
  readonly clientId: string;
  readonly issuedAt: Micros;
  readonly expiresAt: Micros;
  readonly authTime: Micros;
  readonly nonce?: string | undefined;
  readonly acr?: string | undefined;
  readonly amr?: readonly string[] | undefined;
  /** The session's name towards this client (OpenID Connect Front-Channel Logout 1.0 section 3). */
  readonly sid?: string | undefined;
  readonly atHash?: string | undefined;
  readonly cHash?: string | undefined;
  readonly sHash?: string | undefined;
  /** Claims about the person, where they belong into the ID token. */
  readonly account?: Partial<AccountClaims> | undefined;
}

/** OpenID Connect Core 1.0 section 2, 3.1.3.6 and 3.3.2.11; times in seconds. */
export interface IdTokenClaims extends Partial<AccountClaims> {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string;
  readonly exp: number;
  readonly iat: number;
  readonly auth_time: number;
  readonly nonce?: string;
  readonly acr?: string;
  readonly amr?: readonly string[];
  readonly sid?: string;
  readonly at_hash?: string;
  readonly c_hash?: string;
  /** Financial-grade API 1.0 Part 2 section 5.1.1: binds the state as c_hash binds the code. */
  readonly s_hash?: string;
}

/**
 * The claims of an ID token. auth_time is always there, which covers max_age and require_auth_time. What is told of the
 * account (section 5.4) never takes the place of what the token says of itself.
 */
export const idTokenClaims = (input: IdTokenInput): IdTokenClaims => ({
  ...input.account,
  iss: input.issuer,
  sub: input.sub,
  aud: input.clientId,
  exp: toSeconds(input.expiresAt),
  iat: toSeconds(input.issuedAt),
  auth_time: toSeconds(input.authTime),
  ...(input.nonce === undefined ? {} : { nonce: input.nonce }),
  ...(input.acr === undefined ? {} : { acr: input.acr }),
  ...(input.amr === undefined || input.amr.length === 0 ? {} : { amr: input.amr }),
  ...(input.sid === undefined ? {} : { sid: input.sid }),
  ...(input.atHash === undefined ? {} : { at_hash: input.atHash }),
  ...(input.cHash === undefined ? {} : { c_hash: input.cHash }),
  ...(input.sHash === undefined ? {} : { s_hash: input.sHash }),
});
