import type { Client } from '../client.js';
import { invalidRequest } from '../errors/oauth-error.js';
import type { OAuthError } from '../errors/oauth-error.js';
import type { RequestParameters } from '../parameters.js';
import { withQuery } from '../redirect-uri.js';

/** OpenID Connect RP-Initiated Logout 1.0 section 2. */
export interface LogoutRequest {
  /** As sent; nobody has verified it yet. */
  readonly idTokenHint?: string | undefined;
  readonly clientId?: string | undefined;
  readonly postLogoutRedirectUri?: string | undefined;
  readonly state?: string | undefined;
  /** Whom it is about, in the client's words; it proves nothing. */
  readonly logoutHint?: string | undefined;
  readonly uiLocales?: string | undefined;
}

export const logoutRequest = (parameters: RequestParameters): LogoutRequest => ({
  idTokenHint: parameters.get('id_token_hint'),
  clientId: parameters.get('client_id'),
  postLogoutRedirectUri: parameters.get('post_logout_redirect_uri'),
  state: parameters.get('state'),
  logoutHint: parameters.get('logout_hint'),
  uiLocales: parameters.get('ui_locales'),
});

/** What a verified id_token_hint says (any exp; our typ, issuer and keys). What is no such token is no hint. */
export interface HintFacts {
  readonly clientId: string;
  readonly sub: string;
  readonly sid?: string | undefined;
}

export interface LogoutFacts {
  readonly hint: HintFacts | 'none';
  /** The client that hint or client_id names; undefined where there is none such. */
  readonly client: Client | undefined;
  /** Of this browser: what its account is called towards that client, and the session's name towards it. */
  readonly session?:
    | {
        readonly sub?: string | undefined;
        readonly sid?: string | undefined;
        /** Whether logout_hint names it, or its account; asked for only where there is one. */
        readonly hinted?: boolean | undefined;
      }
    | undefined;
}

export type LogoutDecision =
  /** Ends the session at once, then goes to `redirectTo`, or shows that it is done. */
  | { readonly kind: 'end-session'; readonly redirectTo?: string }
  /** Asks the person first; after that as above. */
  | { readonly kind: 'confirmation'; readonly redirectTo?: string }
  | { readonly kind: 'page-error'; readonly error: OAuthError };

const pageError = (description: string, detail: string): LogoutDecision => ({
  kind: 'page-error',
  error: invalidRequest(description, { detail }),
});

/** Section 3: state goes back as it came. */
const redirectTarget = (uri: string, state: string | undefined): string =>
  state === undefined ? uri : withQuery(uri, new URLSearchParams({ state }).toString());

/** Whether the hint speaks of the session in this browser; without one there is nothing that could be ended by mistake. */
const hintMatchesSession = (hint: HintFacts, session: LogoutFacts['session']): boolean => {
  if (session === undefined) return true;
  // Section 2, logout_hint: a client that means somebody else is not to end this one's session.
  if (session.hinted === false) return false;
  return hint.sid !== undefined && session.sid !== undefined ? hint.sid === session.sid : hint.sub === session.sub;
};

/**
 * OpenID Connect RP-Initiated Logout 1.0 section 2 and 4: who may end the session without a question, and where the
 * browser may go afterwards. A post_logout_redirect_uri is compared exactly with the registered ones of the client that
 * the hint, or else client_id, names; if it does not match there is no redirect, and no logout either. Where nothing names a
 * client, the URI is left aside and the person is asked; where the client is disabled it is left aside too. It ends nothing by itself.
 */
export const decideLogout = (request: LogoutRequest, facts: LogoutFacts): LogoutDecision => {
  const { hint, client, session } = facts;
  // Section 2: the OP MUST verify that client_id matches the one the ID Token was issued to.
  if (hint !== 'none' && request.clientId !== undefined && request.clientId !== hint.clientId) {
    return pageError('The client_id is not that of the id_token_hint', 'client_id_mismatch');
  }
  if (request.clientId !== undefined && client === undefined) {
    return pageError('The client is unknown', 'client_unknown');
  }
  // Section 4: what failed to validate, or is missing, is not used, and what required it is aborted: the redirect, not the question.
  const isNamed = request.clientId !== undefined || hint !== 'none';
  // Nor is anybody sent to a client that may not act; its hint is still ours.
  const uri = isNamed && client?.enabled !== false ? request.postLogoutRedirectUri : undefined;
  if (uri !== undefined && !client?.postLogoutRedirectUris.includes(uri)) {
    return pageError('The post_logout_redirect_uri is not registered', 'post_logout_redirect_uri_mismatch');
  }
  const target = uri === undefined ? {} : { redirectTo: redirectTarget(uri, request.state) };
  const kind = hint !== 'none' && hintMatchesSession(hint, session) ? 'end-session' : 'confirmation';
  return { kind, ...target };
};
