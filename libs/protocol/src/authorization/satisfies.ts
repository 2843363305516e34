import type { Client } from '../client.js';
import { fromSeconds } from '../clock.js';
import type { Micros } from '../clock.js';
import { consentRequired, loginRequired } from '../errors/oauth-error.js';
import type { OAuthError } from '../errors/oauth-error.js';
import { covers } from '../scope.js';
import type { AuthorizationRequest } from './authorization-request.js';

/** A live session of this browser. */
export interface SessionFacts {
  readonly account: string;
  readonly authTime: Micros;
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
  /** The account that the id_token_hint names; null where it names none of ours, undefined where none was sent. */
  readonly hintedAccount?: string | null | undefined;
}

export type NextStep =
  | { readonly next: 'sign_in' }
  | { readonly next: 'consent' }
  | { readonly next: 'issue' }
  | { readonly next: 'error'; readonly error: OAuthError };

/**
 * OpenID Connect Core 1.0 section 3.1.2.3: whether the session answers the request. An authentication made since the
 * request came in answers prompt=login and any max_age, zero included, or the person would sign in for ever.
 */
const sessionSatisfies = (request: AuthorizationRequest, facts: AuthorizationFacts, now: Micros): boolean => {
  const { session, hintedAccount } = facts;
  if (session === undefined) return false;
  // Section 3.1.2.1: with an id_token_hint a positive response is for that person alone.
  if (hintedAccount !== undefined && hintedAccount !== session.account) return false;
  if (session.authTime >= request.receivedAt) return true;
  if (request.prompt.includes('login') || request.prompt.includes('select_account')) return false;
  return request.maxAge === undefined || now - session.authTime <= fromSeconds(request.maxAge);
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
  request: AuthorizationRequest,
  client: Pick<Client, 'consent'>,
  facts: AuthorizationFacts,
  now: Micros,
): NextStep => {
  const silent = request.prompt.includes('none');
  if (!sessionSatisfies(request, facts, now)) {
    return silent ? { next: 'error', error: loginRequired('The person must sign in') } : { next: 'sign_in' };
  }
  if (facts.consent !== 'unasked' && !consentSatisfies(request, client, facts.consent)) {
    return silent ? { next: 'error', error: consentRequired('The person must consent') } : { next: 'consent' };
  }
  return { next: 'issue' };
};
