import { formatScope } from '../scope.js';
import type { Authorization } from './authorization.js';

/** What an ID token vouches for beside itself (OpenID Connect Core 1.0 section 3.3.2.11), hashed by its own algorithm. */
export interface IdTokenCompanions {
  readonly accessToken?: string | undefined;
  readonly cHash?: string | undefined;
  readonly sHash?: string | undefined;
}

/**
 * Makes the tokens themselves; the application wires claims and keys to it. It may not decide whether to: by then the
 * right is spent. `expiresIn`: whole seconds.
 */
export interface TokenMinter {
  accessToken(authorization: Authorization): Promise<{ readonly token: string; readonly expiresIn: number }>;
  idToken(authorization: Authorization, beside: IdTokenCompanions): Promise<string>;
  refreshToken(authorization: Authorization): string;
}

/** RFC 6749 section 5.1 and OpenID Connect Core 1.0 section 3.1.3.3. */
export interface TokenResponse {
  readonly access_token: string;
  readonly token_type: 'Bearer' | 'DPoP';
  readonly expires_in: number;
  /** Absent where there is none: RFC 6749 section 3.3 has a scope of at least one token. */
  readonly scope?: string;
  readonly refresh_token?: string;
  readonly id_token?: string;
}

/** RFC 6749 section 5.1: MUST be on every response with tokens, and errors carry them too. */
export const NO_STORE: Readonly<Record<string, string>> = { 'Cache-Control': 'no-store', Pragma: 'no-cache' };

/** An ID token is for a person who is known by openid; a client on its own behalf gets none. */
export const issueTokenSet = async (authorization: Authorization, minter: TokenMinter): Promise<TokenResponse> => {
  const { token, expiresIn } = await minter.accessToken(authorization);
  const withIdToken = authorization.subject.kind === 'account' && authorization.scopes.includes('openid');
  return {
    access_token: token,
    // RFC 9449 section 5: MUST be DPoP for a token that is bound to a key.
    token_type: authorization.jkt === undefined ? 'Bearer' : 'DPoP',
    expires_in: expiresIn,
    ...(authorization.scopes.length > 0 ? { scope: formatScope(authorization.scopes) } : {}),
    ...(authorization.refreshToken ? { refresh_token: minter.refreshToken(authorization) } : {}),
    ...(withIdToken ? { id_token: await minter.idToken(authorization, { accessToken: token }) } : {}),
  };
};
