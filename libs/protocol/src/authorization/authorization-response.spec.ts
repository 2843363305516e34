import { describe, expect, it } from '@jest/globals';
import { ISSUER } from '../../test/fixtures.js';
import { accessDenied } from '../errors/oauth-error.js';
import { authorizationResponse } from './authorization-response.js';
import type { ResponseTarget } from './authorization-response.js';
import { responseModes } from './response-mode.js';

const iss = 'iss=https%3A%2F%2Fid.example';
const target = (changes: Partial<ResponseTarget> = {}): ResponseTarget => ({
  redirectUri: 'https://a.example/cb',
  responseMode: 'query',
  state: 's',
  issuer: ISSUER,
  ...changes,
});

describe('authorizationResponse', () => {
  it.each([
    ['a plain URI', 'query', 'https://a.example/cb', `https://a.example/cb?code=c&state=s&${iss}`],
    ['a query of its own', 'query', 'https://a.example/cb?x=%20y', `https://a.example/cb?x=%20y&code=c&state=s&${iss}`],
    ['an empty query', 'query', 'https://a.example/cb?', `https://a.example/cb?code=c&state=s&${iss}`],
    ['a private-use scheme', 'query', 'com.example.app:/cb', `com.example.app:/cb?code=c&state=s&${iss}`],
    ['a plain URI', 'fragment', 'https://a.example/cb', `https://a.example/cb#code=c&state=s&${iss}`],
    ['a query of its own', 'fragment', 'https://a.example/cb?x=1', `https://a.example/cb?x=1#code=c&state=s&${iss}`],
  ] as const)('adds to %s, by %s', (_what, responseMode, redirectUri, url) => {
    expect(authorizationResponse(target({ redirectUri, responseMode }), { code: 'c' })).toEqual({
      kind: 'redirect',
      url,
    });
  });

  it('has in a form what the URLs have', () => {
    const redirectUri = 'https://a.example/cb?x=1';
    expect(authorizationResponse(target({ redirectUri, responseMode: 'form_post' }), { code: 'c' })).toEqual({
      kind: 'form_post',
      action: redirectUri,
      fields: [
        ['code', 'c'],
        ['state', 's'],
        ['iss', ISSUER],
      ],
    });
  });

  // OpenID Connect Core 1.0 sections 3.2.2.5 and 3.3.2.5
  it('has everything that was issued, and nothing that was not', () => {
    const accessToken = { token: 'a.b.c', expiresIn: 300, scope: 'openid email' };
    const issued = authorizationResponse(target({ responseMode: 'fragment' }), {
      code: 'c',
      accessToken,
      idToken: 'i',
      sessionState: 'hash.salt',
    });
    const { hash } = new URL(issued.kind === 'redirect' ? issued.url : '');
    expect(Object.fromEntries(new URLSearchParams(hash.slice(1)))).toEqual({
      code: 'c',
      access_token: 'a.b.c',
      token_type: 'Bearer',
      expires_in: '300',
      scope: 'openid email',
      id_token: 'i',
      session_state: 'hash.salt',
      state: 's',
      iss: ISSUER,
    });
    const least = authorizationResponse(target({ responseMode: 'form_post', state: undefined }), { idToken: 'i' });
    expect(least).toMatchObject({
      fields: [
        ['id_token', 'i'],
        ['iss', ISSUER],
      ],
    });
  });

  it.each(responseModes)('names the issuer in an error by %s too, and keeps detail to itself', (responseMode) => {
    const error = accessDenied('The person said no', { detail: 'private' });
    const carried = authorizationResponse(target({ responseMode }), { error });
    const fields =
      carried.kind === 'form_post'
        ? carried.fields.map(([name, value]): [string, string] => [name, value])
        : new URLSearchParams(carried.url.split(/[?#]/)[1]);
    expect(Object.fromEntries(fields)).toEqual({
      error: 'access_denied',
      error_description: 'The person said no',
      state: 's',
      iss: ISSUER,
    });
  });

  it.each(['a&b=c#d', 'é🙂', '\r\nSet-Cookie: x=1', '{"a":"b"}', '%00+'])('hands state %j back as it came', (state) => {
    const inQuery = authorizationResponse(target({ state }), { code: 'c' });
    const url = new URL(inQuery.kind === 'redirect' ? inQuery.url : '');
    expect(url.searchParams.get('state')).toBe(state);
    expect(url.hash).toBe('');
    expect(inQuery.kind === 'redirect' && inQuery.url).toMatch(/^[\x21-\x7e]+$/);
    const inFragment = authorizationResponse(target({ state, responseMode: 'fragment' }), { code: 'c' });
    const { hash } = new URL(inFragment.kind === 'redirect' ? inFragment.url : '');
    expect(new URLSearchParams(hash.slice(1)).get('state')).toBe(state);
  });
});
