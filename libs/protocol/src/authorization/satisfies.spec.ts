import { describe, expect, it } from '@jest/globals';
import { NOW, SECOND, TENANT } from '../../test/fixtures.js';
import type { AuthorizationRequest } from './authorization-request.js';
import { satisfies } from './satisfies.js';
import type { AuthorizationFacts, SessionFacts } from './satisfies.js';

const aRequest = (changes: Partial<AuthorizationRequest> = {}): AuthorizationRequest => ({
  tenantId: TENANT,
  clientId: 'shop',
  redirectUri: 'https://shop.example/callback',
  responseType: 'code',
  responseMode: 'query',
  scopes: ['openid', 'email'],
  prompt: [],
  acrValues: [],
  claims: { userinfo: [], idToken: [] },
  uiLocales: [],
  resources: [],
  receivedAt: NOW,
  ...changes,
});

const PASSWORD = 'urn:signet:acr:password';
/** Alice, that many seconds before the request came in. */
const signedIn = (secondsAgo: number, more: Partial<SessionFacts> = {}): SessionFacts => ({
  subject: 'sub-alice',
  authTime: NOW - secondsAgo * SECOND,
  acr: PASSWORD,
  ...more,
});

/** The next step, or the error, five seconds after the request came in. */
const next = (request: Partial<AuthorizationRequest>, facts: Partial<AuthorizationFacts>): string => {
  const step = satisfies(aRequest(request), { reachableAcr: [PASSWORD], ...facts }, NOW + 5 * SECOND);
  return step.next === 'error' ? step.error.error : step.next;
};

describe('satisfies', () => {
  const [alice, bob] = [{ subjects: ['sub-alice'] }, { subjects: ['sub-bob'] }];
  const gone = { subject: undefined };
  const strong = { essentialAcr: ['urn:a'] };
  const unmet = 'unmet_authentication_requirements';

  it.each<[string, Partial<AuthorizationRequest>, Partial<AuthorizationFacts>, string, string]>([
    ['nobody is signed in', {}, {}, 'sign_in', 'login_required'],
    ['somebody is', {}, { session: signedIn(1000) }, 'issue', 'issue'],
    ['max_age is kept', { maxAge: 1005 }, { session: signedIn(1000) }, 'issue', 'issue'],
    ['max_age is over', { maxAge: 1004 }, { session: signedIn(1000) }, 'sign_in', 'login_required'],
    ['max_age=0, signed in before', { maxAge: 0 }, { session: signedIn(1) }, 'sign_in', 'login_required'],
    ['max_age=0, signed in since', { maxAge: 0 }, { session: signedIn(-1) }, 'issue', 'issue'],
    ['max_age=1 passes while the person reads', { maxAge: 1 }, { session: signedIn(0) }, 'issue', 'issue'],
    ['this person is meant', alice, { session: signedIn(9) }, 'issue', 'issue'],
    ['another is meant', bob, { session: signedIn(9) }, 'sign_in', 'login_required'],
    [
      'another is meant, and this one just signed in',
      bob,
      { session: signedIn(-1) },
      'login_required',
      'login_required',
    ],
    ['nobody can be meant', { subjects: [] }, { session: signedIn(9) }, 'sign_in', 'login_required'],
    [
      'somebody is meant, and the account is no more',
      alice,
      { session: signedIn(9, gone) },
      'sign_in',
      'login_required',
    ],
    ['this acr will do', { essentialAcr: ['urn:a', PASSWORD] }, { session: signedIn(9) }, 'issue', 'issue'],
    ['no acr will do', { essentialAcr: ['urn:a'] }, { session: signedIn(9) }, unmet, unmet],
    ['no acr will do, and nobody is signed in', { essentialAcr: ['urn:a'] }, {}, unmet, unmet],
    ['no value of acr was given', { essentialAcr: [] }, { session: signedIn(9) }, unmet, unmet],
    ['a sign-in reaches it', strong, { session: signedIn(9), reachableAcr: ['urn:a'] }, 'sign_in', 'login_required'],
    ['a sign-in did not reach it', strong, { session: signedIn(0), reachableAcr: ['urn:a'] }, unmet, unmet],
    ['only this session reaches it', strong, { session: signedIn(9, { acr: 'urn:a' }) }, 'issue', 'issue'],
  ])('where %s', (_what, request, facts, step, silent) => {
    expect(next(request, facts)).toBe(step);
    expect(next({ ...request, prompt: ['none'] }, facts)).toBe(silent);
  });

  it('prompt=login asks for a sign-in since the request came in, and no longer after it', () => {
    expect(next({ prompt: ['login'] }, { session: signedIn(1) })).toBe('sign_in');
    expect(next({ prompt: ['login'] }, { session: signedIn(1, { selected: true }) })).toBe('sign_in');
    expect(next({ prompt: ['login'] }, { session: signedIn(0) })).toBe('issue');
    expect(next({ prompt: ['login'] }, { session: signedIn(-1) })).toBe('issue');
  });

  it.each<[string, Partial<AuthorizationRequest>, Partial<SessionFacts> | undefined, number, string]>([
    ['asks whether this account is meant', {}, {}, 9, 'select_account'],
    ['takes the person at their word', {}, { selected: true }, 9, 'issue'],
    ['takes a sign-in for the choice', {}, {}, -1, 'issue'],
    ['asks nobody who is not signed in', {}, undefined, 9, 'sign_in'],
    ['does not ask about an account that will not do', { subjects: ['sub-bob'] }, {}, 9, 'sign_in'],
    ['is no sign-in', { prompt: ['login', 'select_account'] }, { selected: true }, 9, 'sign_in'],
    ['is no younger sign-in', { maxAge: 5 }, { selected: true }, 9, 'sign_in'],
  ])('prompt=select_account %s', (_what, request, session, ago, step) => {
    const facts = session && { session: signedIn(ago, session) };
    expect(next({ prompt: ['select_account'], ...request }, facts ?? {})).toBe(step);
  });
});
