import { describe, expect, it } from '@jest/globals';
import { NOW, SECOND, TENANT } from '../../test/fixtures.js';
import type { AuthorizationRequest } from './authorization-request.js';
import { consentSatisfies, satisfies } from './satisfies.js';
import type { AuthorizationFacts, ConsentFacts } from './satisfies.js';

const aRequest = (changes: Partial<AuthorizationRequest> = {}): AuthorizationRequest => ({
  tenantId: TENANT,
  clientId: 'shop',
  redirectUri: 'https://shop.example/callback',
  responseType: 'code',
  responseMode: 'query',
  scopes: ['openid', 'email'],
  prompt: [],
  acrValues: [],
  uiLocales: [],
  resources: [],
  receivedAt: NOW,
  ...changes,
});

const signedIn = (secondsAgo: number) => ({ account: 'alice', authTime: NOW - secondsAgo * SECOND });
const granted = (scopes: string[], secondsAgo = 1000): ConsentFacts => ({
  scopes,
  consentedAt: NOW - secondsAgo * SECOND,
});
const all = granted(['openid', 'email']);
const remembered = { consent: 'remembered' } as const;

/** The next step, or the error, five seconds after the request came in. */
const next = (
  request: Partial<AuthorizationRequest>,
  facts: Partial<AuthorizationFacts>,
  client: Parameters<typeof satisfies>[1] = remembered,
): string => {
  const step = satisfies(aRequest(request), client, { consent: all, ...facts }, NOW + 5 * SECOND);
  return step.next === 'error' ? step.error.error : step.next;
};

describe('satisfies: the session', () => {
  it.each<[string, Partial<AuthorizationRequest>, Partial<AuthorizationFacts>, string, string]>([
    ['nobody is signed in', {}, {}, 'sign_in', 'login_required'],
    ['somebody is', {}, { session: signedIn(1000) }, 'issue', 'issue'],
    ['max_age is kept', { maxAge: 1005 }, { session: signedIn(1000) }, 'issue', 'issue'],
    ['max_age is over', { maxAge: 1004 }, { session: signedIn(1000) }, 'sign_in', 'login_required'],
    ['max_age=0, signed in before', { maxAge: 0 }, { session: signedIn(1) }, 'sign_in', 'login_required'],
    ['max_age=0, signed in since', { maxAge: 0 }, { session: signedIn(-1) }, 'issue', 'issue'],
    ['max_age=1 passes while the person reads', { maxAge: 1 }, { session: signedIn(0) }, 'issue', 'issue'],
    ['the hint is this person', {}, { session: signedIn(9), hintedAccount: 'alice' }, 'issue', 'issue'],
    ['the hint is another', {}, { session: signedIn(9), hintedAccount: 'bob' }, 'sign_in', 'login_required'],
    [
      'the hint is another, just signed in',
      {},
      { session: signedIn(-1), hintedAccount: 'bob' },
      'sign_in',
      'login_required',
    ],
    ['the hint is nobody of ours', {}, { session: signedIn(9), hintedAccount: null }, 'sign_in', 'login_required'],
  ])('where %s', (_what, request, facts, step, silent) => {
    expect(next(request, facts)).toBe(step);
    expect(next({ ...request, prompt: ['none'] }, facts)).toBe(silent);
  });

  it.each<[AuthorizationRequest['prompt'][number]]>([['login'], ['select_account']])(
    'prompt=%s asks for a sign-in since the request came in, and no longer after it',
    (prompt) => {
      expect(next({ prompt: [prompt] }, { session: signedIn(1) })).toBe('sign_in');
      expect(next({ prompt: [prompt] }, { session: signedIn(0) })).toBe('issue');
      expect(next({ prompt: [prompt] }, { session: signedIn(-1) })).toBe('issue');
    },
  );

  it('does not ask about consent before it knows who is there', () => {
    expect(next({ prompt: ['consent'] }, { consent: 'none' })).toBe('sign_in');
    expect(next({ prompt: ['none'] }, { consent: 'none' })).toBe('login_required');
  });
});

describe('satisfies: consent', () => {
  const session = signedIn(1000);

  it('shows the page, or says so under prompt=none', () => {
    expect(next({}, { session, consent: 'none' })).toBe('consent');
    expect(next({ prompt: ['none'] }, { session, consent: 'none' })).toBe('consent_required');
    expect(next({}, { session, consent: granted(['openid']) })).toBe('consent');
  });

  it('leaves the judgement to whoever issues, where the grants were not asked', () => {
    expect(next({ prompt: ['consent'] }, { session, consent: 'unasked' })).toBe('issue');
  });
});

describe('consentSatisfies', () => {
  const offline = ['openid', 'offline_access'];
  it.each<
    [string, 'explicit' | 'remembered' | 'first_party', Partial<AuthorizationRequest>, ConsentFacts | 'none', boolean]
  >([
    ['explicit, given before', 'explicit', {}, all, false],
    ['explicit, given since', 'explicit', {}, granted(['openid', 'email'], -1), true],
    ['explicit, given since for less', 'explicit', {}, granted(['openid'], -1), false],
    ['remembered, given before', 'remembered', {}, all, true],
    ['remembered, given for less', 'remembered', {}, granted(['openid']), false],
    ['remembered, never', 'remembered', {}, 'none', false],
    ['remembered, with prompt=consent', 'remembered', { prompt: ['consent'] }, all, false],
    [
      'remembered, with prompt=consent, since',
      'remembered',
      { prompt: ['consent'] },
      granted(['openid', 'email'], 0),
      true,
    ],
    ['remembered, offline not yet', 'remembered', { scopes: offline }, granted(['openid']), false],
    ['first party, never', 'first_party', {}, 'none', true],
    ['first party, with prompt=consent', 'first_party', { prompt: ['consent'] }, all, false],
    ['first party, offline not yet', 'first_party', { scopes: offline }, 'none', false],
    ['first party, offline before', 'first_party', { scopes: offline }, granted(offline), true],
  ])('%s', (_what, consent, request, facts, expected) => {
    expect(consentSatisfies(aRequest(request), { consent }, facts)).toBe(expected);
  });
});
