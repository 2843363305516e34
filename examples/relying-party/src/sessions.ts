import { randomBytes } from 'node:crypto';
import type { IDToken, UserInfoResponse } from 'openid-client';
import type { Step } from './story.js';

/** What has to be remembered between sending a browser to the provider and its coming back. */
export interface PendingSignIn {
  readonly nonce: string;
  readonly codeVerifier: string;
}

export interface Tokens {
  readonly accessToken: string;
  readonly idToken: string;
  readonly refreshToken: string | undefined;
  readonly scope: string | undefined;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number | undefined;
}

export interface SignedIn {
  /** Of the ID token, after openid-client has verified it. */
  readonly claims: IDToken;
  readonly tokens: Tokens;
  readonly userinfo?: UserInfoResponse;
  /** What the last request did, for the page to tell. */
  readonly story: readonly Step[];
}

export interface Session {
  /** By `state`: a person may start in two tabs and finish in both. */
  readonly pending: Map<string, PendingSignIn>;
  signedIn?: SignedIn;
}

const LIFETIME = 8 * 60 * 60 * 1000;
const MOST_PENDING = 5;

/** Sessions in memory, gone with the process. At the limit the oldest makes room: anybody may start one. */
export class Sessions {
  readonly #sessions = new Map<string, { readonly session: Session; readonly expiresAt: number }>();

  constructor(
    private readonly most = 1_000,
    private readonly now: () => number = Date.now,
  ) {}

  /** A new session under an unguessable id, which is all that the cookie holds. */
  open(signedIn?: SignedIn): { id: string; session: Session } {
    for (const oldest of this.#sessions.keys()) {
      if (this.#sessions.size < this.most) break;
      this.#sessions.delete(oldest);
    }
    const id = randomBytes(32).toString('base64url');
    const session: Session = { pending: new Map(), ...(signedIn && { signedIn }) };
    this.#sessions.set(id, { session, expiresAt: this.now() + LIFETIME });
    return { id, session };
  }

  find(id: string | undefined): Session | undefined {
    const found = id === undefined ? undefined : this.#sessions.get(id);
    return found && found.expiresAt > this.now() ? found.session : undefined;
  }

  end(id: string | undefined): void {
    if (id !== undefined) this.#sessions.delete(id);
  }
}

export function remember(session: Session, state: string, pending: PendingSignIn): void {
  for (const oldest of session.pending.keys()) {
    if (session.pending.size < MOST_PENDING) break;
    session.pending.delete(oldest);
  }
  session.pending.set(state, pending);
}
