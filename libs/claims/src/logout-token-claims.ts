import { toSeconds } from '@signet/protocol';
import type { Micros } from '@signet/protocol';

/** `typ` in the header of a logout token (OpenID Connect Back-Channel Logout 1.0 section 2.4). */
export const LOGOUT_TOKEN_TYPE = 'logout+jwt';

const backchannelLogout = 'http://schemas.openid.net/event/backchannel-logout';

export interface LogoutTokenInput {
  readonly issuer: string;
  readonly clientId: string;
  readonly issuedAt: Micros;
  readonly expiresAt: Micros;
  readonly tokenId: string;
  /** The session's name towards this client. */
  readonly sid: string;
  /** What the client sees of the account; absent where that is not to be had. */
  readonly sub?: string | undefined;
}

/** OpenID Connect Back-Channel Logout 1.0 section 2.4; times in seconds. There is never a nonce, so that it is no ID token anywhere. */
export interface LogoutTokenClaims {
  readonly iss: string;
  readonly sub?: string;
  readonly aud: string;
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
  readonly events: Readonly<Record<string, object>>;
  readonly sid: string;
}

/** "A Logout Token MUST contain either a sub or a sid Claim, and MAY contain both": the sid is always there. */
export const logoutTokenClaims = (input: LogoutTokenInput): LogoutTokenClaims => ({
  iss: input.issuer,
  ...(input.sub === undefined ? {} : { sub: input.sub }),
  aud: input.clientId,
  iat: toSeconds(input.issuedAt),
  exp: toSeconds(input.expiresAt),
  jti: input.tokenId,
  events: { [backchannelLogout]: {} },
  sid: input.sid,
});
