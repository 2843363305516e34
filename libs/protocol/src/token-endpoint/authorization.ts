import type { Client } from '../client.js';
import type { Micros } from '../clock.js';
import type { RefreshToken } from './refresh-token.js';

/** What a person granted, as the rows of a code and of a refresh family carry it. */
export interface GrantFacts {
  /** One redemption of a code; everything that came of it ends with it. */
  readonly instance: string;
  /** Account × client: what a person calls a consent. */
  readonly grant?: string | undefined;
  readonly account: string;
  /** What the client sees of the account. In the row, so that nothing has to be asked for after a code is spent. */
  readonly sub: string;
  /** Absent where the grant is offline: it outlives the session that it came of. */
  readonly session?: string | undefined;
  /** The session's name towards this client. */
  readonly sid?: string | undefined;
  /** When the rights that this rests on were first read; inherited unchanged. */
  readonly since: Micros;
  readonly scopes: readonly string[];
  /** As asked for at /authorize; empty means: those that the scopes lead to. */
  readonly resources: readonly string[];
  readonly authTime: Micros;
  readonly acr?: string | undefined;
  readonly amr: readonly string[];
  readonly nonce?: string | undefined;
  /** Names of claims about the person that the claims parameter asked for, each where it is to be told. */
  readonly claims?: { readonly idToken: readonly string[]; readonly userinfo: readonly string[] } | undefined;
  /** The session's absolute expiry, for what may not outlive it. */
  readonly expiresAt?: Micros | undefined;
}

/** Whom the tokens speak of. */
export type AuthorizationSubject =
  | ({ readonly kind: 'account' } & Omit<GrantFacts, 'scopes' | 'resources' | 'nonce' | 'expiresAt'>)
  /** client_credentials: the client itself (RFC 9068 section 5: sub is the client_id then). */
  | { readonly kind: 'client'; readonly instance: string; readonly since: Micros };

/** The one result of every grant. The issuer makes a token set of it and decides nothing any more. */
export interface Authorization {
  readonly client: Client;
  readonly subject: AuthorizationSubject;
  /** `jti` of the access token: recorded by the statement that allowed it. */
  readonly tokenId: string;
  readonly scopes: readonly string[];
  readonly audience: readonly string[];
  /** Only with a code: a refreshed ID token has no nonce (OpenID Connect Core 1.0 section 12.2). */
  readonly nonce?: string | undefined;
  readonly expiresAt?: Micros | undefined;
  readonly refreshToken?: RefreshToken | undefined;
  /** Thumbprint of the key that the access token is bound to (RFC 9449 section 6). */
  readonly jkt?: string | undefined;
  /** The access token's place in the tenant's status lists, where its resource server wants one. */
  readonly statusIndex?: number | undefined;
}

/** The subject of an authorization that rests on a person's grant. */
export const accountSubject = (facts: GrantFacts): AuthorizationSubject => ({
  kind: 'account',
  instance: facts.instance,
  grant: facts.grant,
  account: facts.account,
  sub: facts.sub,
  session: facts.session,
  sid: facts.sid,
  since: facts.since,
  authTime: facts.authTime,
  acr: facts.acr,
  amr: facts.amr,
  claims: facts.claims,
});
