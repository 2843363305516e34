import { describe, expect, it } from '@jest/globals';
import { aClient } from '../../test/fixtures.js';
import { requestParameters } from '../parameters.js';
import { decideLogout, logoutRequest } from './logout.js';
import type { HintFacts, LogoutFacts, LogoutRequest } from './logout.js';

const hint: HintFacts = { clientId: 'shop', sub: 'sub-alice', sid: 'sid-1' };
const hintOf = (changes: Partial<HintFacts>): HintFacts => ({ ...hint, ...changes });
const withoutSid = (sub: string): HintFacts => ({ clientId: 'shop', sub });
const session = { sub: 'sub-alice', sid: 'sid-1' };
const uri = 'https://shop.example/';
const registered = ['https://shop.example/', 'https://shop.example/bye?x=1'];
const client = aClient({ postLogoutRedirectUris: registered });

const decide = (request: LogoutRequest, facts: Partial<LogoutFacts> = {}) =>
  decideLogout(request, { hint, client, session, ...facts });

describe('decideLogout', () => {
  it.each<[string, LogoutRequest, Partial<LogoutFacts>, unknown]>([
    [
      'hint, URI and state (oidcc-rp-initiated-logout)',
      { postLogoutRedirectUri: uri, state: 'a b&c' },
      {},
      { kind: 'end-session', redirectTo: 'https://shop.example/?state=a+b%26c' },
    ],
    ['hint and URI (…-no-state)', { postLogoutRedirectUri: uri }, {}, { kind: 'end-session', redirectTo: uri }],
    [
      'a URI with a query of its own',
      { postLogoutRedirectUri: 'https://shop.example/bye?x=1', state: 's' },
      {},
      { kind: 'end-session', redirectTo: 'https://shop.example/bye?x=1&state=s' },
    ],
    ['a hint alone (…-no-post-logout-redirect-uri)', {}, {}, { kind: 'end-session' }],
    [
      'a hint where nobody is signed in',
      { postLogoutRedirectUri: uri },
      { session: undefined },
      { kind: 'end-session', redirectTo: uri },
    ],
    ['the same client_id beside the hint', { clientId: 'shop' }, {}, { kind: 'end-session' }],
    ['a hint without sid, of this person', {}, { hint: withoutSid('sub-alice') }, { kind: 'end-session' }],
    ['a hint of another person', {}, { hint: hintOf({ sub: 'sub-bob', sid: 'sid-2' }) }, { kind: 'confirmation' }],
    ['a hint of another session of this person', {}, { hint: hintOf({ sid: 'sid-2' }) }, { kind: 'confirmation' }],
    ['a hint without sid, of another person', {}, { hint: withoutSid('sub-bob') }, { kind: 'confirmation' }],
    ['no parameters (…-no-params)', {}, { hint: 'none', client: undefined }, { kind: 'confirmation' }],
    ['only state (…-only-state)', { state: 's' }, { hint: 'none', client: undefined }, { kind: 'confirmation' }],
    [
      'a URI without a client (…-no-id-token-hint, …-modified-id-token-hint, …-bad-id-token-hint)',
      { postLogoutRedirectUri: uri, state: 's' },
      { hint: 'none', client: undefined },
      { kind: 'confirmation' },
    ],
    [
      'a hint, and a logout_hint of this person',
      { logoutHint: 'alice' },
      { session: { ...session, hinted: true } },
      { kind: 'end-session' },
    ],
    [
      'a hint, and a logout_hint of somebody else',
      { logoutHint: 'bob', postLogoutRedirectUri: uri },
      { session: { ...session, hinted: false } },
      { kind: 'confirmation', redirectTo: uri },
    ],
    [
      'a logout_hint alone',
      { logoutHint: 'alice' },
      { hint: 'none', client: undefined, session: { ...session, hinted: true } },
      { kind: 'confirmation' },
    ],
    [
      'a client_id in place of the hint',
      { clientId: 'shop', postLogoutRedirectUri: uri, state: 's' },
      { hint: 'none' },
      { kind: 'confirmation', redirectTo: 'https://shop.example/?state=s' },
    ],
    [
      'a hint and URI of a disabled client',
      { postLogoutRedirectUri: uri, state: 's' },
      { client: aClient({ postLogoutRedirectUris: registered, enabled: false }) },
      { kind: 'end-session' },
    ],
    [
      'the client_id and any URI of a disabled client',
      { clientId: 'shop', postLogoutRedirectUri: 'https://evil.example/' },
      { hint: 'none', client: aClient({ enabled: false }) },
      { kind: 'confirmation' },
    ],
  ])('%s', (_what, request, facts, expected) => {
    expect(decide(request, facts)).toEqual(expected);
  });

  it.each<[string, LogoutRequest, Partial<LogoutFacts>, string]>([
    ['a hint of another client', { clientId: 'spa' }, {}, 'client_id_mismatch'],
    ['an unknown client_id', { clientId: 'nobody' }, { hint: 'none', client: undefined }, 'client_unknown'],
    [
      'an unregistered URI (…-bad-post-logout-redirect-uri)',
      { postLogoutRedirectUri: 'https://evil.example/' },
      {},
      'post_logout_redirect_uri_mismatch',
    ],
    [
      'a query added (…-query-added-to-post-logout-redirect-uri)',
      { postLogoutRedirectUri: `${uri}?x=1` },
      {},
      'post_logout_redirect_uri_mismatch',
    ],
  ])('shows a page, ends nothing and goes nowhere for %s', (_what, request, facts, detail) => {
    expect(decide(request, facts)).toMatchObject({ kind: 'page-error', error: { status: 400, detail } });
  });
});

describe('logoutRequest', () => {
  it('reads the parameters of RP-Initiated Logout', () => {
    const request = logoutRequest(
      requestParameters({
        id_token_hint: 'h',
        client_id: 'shop',
        post_logout_redirect_uri: uri,
        state: 's',
        logout_hint: 'alice',
        ui_locales: 'fr',
      }),
    );
    expect(request).toEqual({
      idTokenHint: 'h',
      clientId: 'shop',
      postLogoutRedirectUri: uri,
      state: 's',
      logoutHint: 'alice',
      uiLocales: 'fr',
    });
  });
});
