import type { Client } from '../client.js';
import { fromSeconds } from '../clock.js';
import type { Micros } from '../clock.js';
import { consentRequired, loginRequired, unmetAuthenticationRequirements } from '../errors/oauth-error.js';
import type { OAuthError } from '../errors/oauth-error.js';
import { covers } from '../scope.js';
import type { AskingRequest, AuthorizationRequest } from './authorization-request.js';

/** A live session of this browser. */
export interface SessionFacts {
  /** As the client sees the account; needed where the request names somebody. */
  readonly subject?: string | undefined;
  readonly authTime: Micros;
  readonly acr: string;
  /** Whether this very request is the person's word that they mean this account. */
  readonly selected?: boolean;
}

/** What this account has granted to this client (account × client), as its owner holds it. */
export interface ConsentFacts {
  readonly scopes: readonly string[];
  /** When the person last allowed it on the consent page. */
  readonly consentedAt: Micros;
}

export interface AuthorizationFacts {
  readonly session?: SessionFacts | undefined;
  /** `unasked`: decided by whoever holds the grants, when it is asked to issue. */
  readonly consent: ConsentFacts | 'none' | 'unasked';
  /** What a sign-in here can reach. */
  readonly reachableAcr: readonly string[];
}

export type NextStep =
  | { readonly next: 'sign_in' }
  | { readonly next: 'select_account' }
  | { readonly next: 'consent' }
  | { readonly next: 'issue' }
  | { readonly next: 'error'; readonly error: OAuthError };

const error = (what: OAuthError): NextStep => ({ next: 'error', error: what });
const unmet = error(unmetAuthenticationRequirements('None of the acr values that are essential can be reached'));

/**
 * OpenID Connect Core 1.0 section 3.1.2.3: what the session leaves to do before it answers the request. An authentication
 * made since the request came in answers prompt=login, select_account and any max_age, zero included, or the person would
 * sign in for ever; where it is somebody else's, or too weak, another one would be no better.
 */
const beforeConsent = (request: AskingRequest, facts: AuthorizationFacts, now: Micros): NextStep | undefined => {
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
  if (fresh) return undefined;
  if (prompt.includes('login')) return { next: 'sign_in' };
  if (maxAge !== undefined && now - session.authTime > fromSeconds(maxAge)) return { next: 'sign_in' };
  return prompt.includes('select_account') && session.selected !== true ? { next: 'select_account' } : undefined;
};

/**
 * OpenID Connect Core 1.0 section 3.1.2.4: whether the consent that is on record answers the request. `explicit` clients
 * ask each time; `remembered` ones when the grant lacks a scope; `first_party` ones only for offline_access, which somebody
 * must have consented to (section 11). prompt=consent asks whatever the client is.
 */
export const consentSatisfies = (
  request: Pick<AuthorizationRequest, 'prompt' | 'scopes' | 'receivedAt'>,
  client: Pick<Client, 'consent'>,
  consent: ConsentFacts | 'none',
): boolean => {
  const recorded = consent !== 'none' && covers(consent.scopes, request.scopes) ? consent : undefined;
  const fresh = recorded !== undefined && recorded.consentedAt >= request.receivedAt;
  if (request.prompt.includes('consent')) return fresh;
  switch (client.consent) {
    case 'explicit':
      return fresh;
    case 'remembered':
      return recorded !== undefined;
    case 'first_party':
      return recorded !== undefined || !request.scopes.includes('offline_access');
  }
};

/**
 * Which requirement of a valid request is next, from facts that the server holds; the browser has no say in it.
 * With `consent: 'unasked'` the answer is never `consent`: the holder of the grants judges by `consentSatisfies`.
 * It does not check whether account, client or session may still act; issuing does. `now`: by the clock that dated the session.
 */
export const satisfies = (
  request: AskingRequest,
  client: Pick<Client, 'consent'>,
  facts: AuthorizationFacts,
  now: Micros,
): NextStep => {
  const silent = request.prompt.includes('none');
  const before = beforeConsent(request, facts, now);
  if (before?.next === 'sign_in' && silent) return error(loginRequired('The person must sign in'));
  if (before) return before;
  if (facts.consent !== 'unasked' && !consentSatisfies(request, client, facts.consent)) {
    return silent ? error(consentRequired('The person must consent')) : { next: 'consent' };
  }
  return { next: 'issue' };
};
