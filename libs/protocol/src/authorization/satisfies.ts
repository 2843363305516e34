import { fromSeconds } from '../clock.js';
import type { Micros } from '../clock.js';
import { loginRequired, unmetAuthenticationRequirements } from '../errors/oauth-error.js';
import type { OAuthError } from '../errors/oauth-error.js';
import type { AskingRequest } from './authorization-request.js';

/** A live session of this browser. */
export interface SessionFacts {
  /** As the client sees the account; needed where the request names somebody. */
  readonly subject?: string | undefined;
  readonly authTime: Micros;
  readonly acr: string;
  /** Whether this very request is the person's word that they mean this account. */
  readonly selected?: boolean;
}

export interface AuthorizationFacts {
  readonly session?: SessionFacts | undefined;
  /** What a sign-in here can reach. */
  readonly reachableAcr: readonly string[];
}

export type NextStep =
  | { readonly next: 'sign_in' }
  | { readonly next: 'select_account' }
  | { readonly next: 'issue' }
  | { readonly next: 'error'; readonly error: OAuthError };

const error = (what: OAuthError): NextStep => ({ next: 'error', error: what });
const unmet = error(unmetAuthenticationRequirements('None of the acr values that are essential can be reached'));

/**
 * OpenID Connect Core 1.0 section 3.1.2.3: what the session leaves to do before it answers the request. An authentication
 * made since the request came in answers prompt=login, select_account and any max_age, zero included, or the person would
 * sign in for ever; where it is somebody else's, or too weak, another one would be no better.
 */
const fromSession = (request: AskingRequest, facts: AuthorizationFacts, now: Micros): NextStep => {
  const { session, reachableAcr } = facts;
  const { essentialAcr, subjects, prompt, maxAge } = request;
  const meets = (acr: string) => essentialAcr === undefined || essentialAcr.includes(acr);
  // Section 5.5.1.1: what cannot be met MUST be treated as a failed authentication.
  if (!reachableAcr.some(meets) && !(session && meets(session.acr))) return unmet;
  if (session === undefined) return { next: 'sign_in' };
  const fresh = session.authTime >= request.receivedAt;
  // Sections 3.1.2.1 and 3.1.2.2: a positive response is for the person that is named, and MUST NOT be for another.
  if (subjects && !(session.subject !== undefined && subjects.includes(session.subject))) {
    return fresh
      ? error(loginRequired('The person who signed in is not the one that was asked for'))
      : { next: 'sign_in' };
  }
  if (!meets(session.acr)) return fresh ? unmet : { next: 'sign_in' };
  if (fresh) return { next: 'issue' };
  if (prompt.includes('login')) return { next: 'sign_in' };
  if (maxAge !== undefined && now - session.authTime > fromSeconds(maxAge)) return { next: 'sign_in' };
  return prompt.includes('select_account') && session.selected !== true
    ? { next: 'select_account' }
    : { next: 'issue' };
};

/**
 * Which requirement of a valid request is next, from facts that the server holds; the browser has no say in it. It checks no
 * consent, nor whether account, client or session may still act: whoever holds the grants does, when it is asked to issue.
 * `now`: by the clock that dated the session.
 */
export const satisfies = (request: AskingRequest, facts: AuthorizationFacts, now: Micros): NextStep => {
  const step = fromSession(request, facts, now);
  const silent = request.prompt.includes('none');
  return step.next === 'sign_in' && silent ? error(loginRequired('The person must sign in')) : step;
};
