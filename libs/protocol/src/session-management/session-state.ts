import type { Digests } from '../digests.js';

export interface SessionStateInput {
  readonly clientId: string;
  readonly redirectUri: string;
  /** What the browser keeps in a cookie: it changes whenever somebody signs in or out. */
  readonly browserState: string;
  /** Random; of base64url's alphabet, as the hash is. */
  readonly salt: string;
}

/**
 * OpenID Connect Session Management 1.0 section 2: session_state, as the iframe of section 3.2 computes it anew from the origin of
 * whoever asks. Undefined where the redirect_uri has no origin (RFC 6454 section 4): no frame of such a client can ask.
 */
export const sessionState = (
  { clientId, redirectUri, browserState, salt }: SessionStateInput,
  { sha256 }: Pick<Digests, 'sha256'>,
): string | undefined => {
  const { origin } = new URL(redirectUri);
  return origin === 'null' ? undefined : `${sha256([clientId, origin, browserState, salt].join(' '))}.${salt}`;
};
