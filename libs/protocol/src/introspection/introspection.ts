import { isPublicClient } from '../client.js';
import type { Client } from '../client.js';
import { toSeconds } from '../clock.js';
import type { Micros } from '../clock.js';
import { invalidClient, invalidRequest } from '../errors/oauth-error.js';
import type { RequestParameters } from '../parameters.js';
import { fail, ok } from '../result.js';
import type { Result } from '../result.js';
import { formatScope } from '../scope.js';

export type TokenTypeHint = 'access_token' | 'refresh_token';

export interface PresentedToken {
  readonly token: string;
  /** RFC 7662 section 2.1 and RFC 7009 section 2.1: a help for the search and no more; an unknown one is left out. */
  readonly hint?: TokenTypeHint;
}

/** The token of a request to /introspect or /revoke. */
export const presentedToken = (parameters: RequestParameters): Result<PresentedToken> => {
  const token = parameters.get('token');
  if (token === undefined) return fail(invalidRequest('The parameter token is missing'));
  const hint = parameters.get('token_type_hint');
  return ok(hint === 'access_token' || hint === 'refresh_token' ? { token, hint } : { token });
};

/** RFC 7662 section 2.1: introspection MUST require authorization, and a public client has none to show. */
export const ensureMayIntrospect = (client: Client): Result<undefined> =>
  isPublicClient(client)
    ? fail(invalidClient('A public client may not introspect', { detail: 'public_client' }))
    : ok(undefined);

/** A token that is alive: verified, not expired, under no floor. */
export interface LiveToken {
  readonly type: 'access_token' | 'refresh_token';
  readonly issuer: string;
  readonly clientId: string;
  readonly sub: string;
  readonly scopes: readonly string[];
  readonly audience: readonly string[];
  readonly expiresAt?: Micros | undefined;
  readonly issuedAt?: Micros | undefined;
  readonly tokenId?: string | undefined;
  readonly authTime?: Micros | undefined;
  readonly acr?: string | undefined;
  readonly amr?: readonly string[] | undefined;
  /** Thumbprint of the key that it is bound to. */
  readonly jkt?: string | undefined;
}

/** RFC 7662 section 2.2; members other than `active` are there for an active token alone. */
export type IntrospectionResponse = Readonly<
  Record<string, string | number | boolean | readonly string[] | Confirmation>
> & {
  readonly active: boolean;
};

/** RFC 9449 section 6.2. */
interface Confirmation {
  readonly jkt: string;
}

/**
 * A token shows itself to the client that it was issued to, and an access token to an introspector registered for one of
 * its audiences (RFC 7662 section 4). A refresh token has no audience but its own client.
 */
const isVisible = (token: LiveToken, client: Client): boolean =>
  token.clientId === client.clientId ||
  (token.type === 'access_token' && token.audience.some((audience) => client.introspects.includes(audience)));

const compact = (members: Readonly<Record<string, string | number | readonly string[] | undefined>>) =>
  Object.fromEntries(
    Object.entries(members).filter(
      (entry): entry is [string, string | number | readonly string[]] => entry[1] !== undefined,
    ),
  );

const seconds = (instant: Micros | undefined): number | undefined =>
  instant === undefined ? undefined : toSeconds(instant);

const tokenType = ({ jkt }: LiveToken): string => (jkt === undefined ? 'Bearer' : 'DPoP');

/**
 * RFC 7662 section 2.2. Whether the caller may see the token is decided before anything of it is formatted; unknown,
 * dead and somebody else's look the same. `token` undefined: there is no such live token.
 */
export const introspectionResponse = (client: Client, token: LiveToken | undefined): IntrospectionResponse => {
  if (token === undefined || !isVisible(token, client)) return { active: false };
  return {
    ...compact({
      iss: token.issuer,
      client_id: token.clientId,
      sub: token.sub,
      // RFC 6749 section 3.3: a scope has at least one token.
      scope: token.scopes.length === 0 ? undefined : formatScope(token.scopes),
      aud: token.audience.length === 1 ? token.audience[0] : token.audience,
      token_type: token.type === 'access_token' ? tokenType(token) : undefined,
      exp: seconds(token.expiresAt),
      iat: seconds(token.issuedAt),
      jti: token.tokenId,
      auth_time: seconds(token.authTime),
      acr: token.acr,
      amr: token.amr,
    }),
    ...(token.jkt === undefined ? {} : { cnf: { jkt: token.jkt } }),
    active: true,
  };
};
