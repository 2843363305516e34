import { describe, expect, it } from '@jest/globals';
import { API, ISSUER } from '../../test/fixtures.js';
import { requestParameters } from '../parameters.js';
import { presentedAccessToken } from './presented-access-token.js';
import type { ResourceRequest } from './presented-access-token.js';
import { ensureUserinfoAccess } from './userinfo.js';

const sent = (name: string, value: string) => requestParameters({ [name]: value });

// RFC 9449 section 7.2: without an error, and with both schemes.
const bothSchemes = /^Bearer realm="signet", DPoP algs="RS256 PS256 ES256 EdDSA Ed25519"$/;

describe('presentedAccessToken', () => {
  it('comes by the scheme DPoP too, in any case', () => {
    const presented = { ok: true, value: { scheme: 'DPoP', token: 'abc' } };
    expect(presentedAccessToken({ authorization: 'DPoP abc' })).toEqual(presented);
    expect(presentedAccessToken({ authorization: 'dpop abc' })).toEqual(presented);
  });

  it.each<[string, ResourceRequest]>([
    ['the header (oidcc-userinfo-get)', { authorization: 'Bearer a.b-c_d~e+f/g==' }],
    ['a scheme in another case', { authorization: 'bEARER a.b-c_d~e+f/g==' }],
    [
      'the body (oidcc-userinfo-post-body)',
      { authorization: undefined, body: sent('access_token', 'a.b-c_d~e+f/g==') },
    ],
    ['the header beside other parameters', { authorization: 'Bearer a.b-c_d~e+f/g==', body: sent('x', 'y') }],
  ])('is read from %s', (_what, request) => {
    expect(presentedAccessToken(request)).toEqual({ ok: true, value: { scheme: 'Bearer', token: 'a.b-c_d~e+f/g==' } });
  });

  it.each<[string, ResourceRequest, number, string, RegExp]>([
    ['nothing', { authorization: undefined }, 401, 'invalid_token', bothSchemes],
    ['another scheme', { authorization: 'Basic YTpi' }, 401, 'invalid_token', bothSchemes],
    ['a scheme that only begins alike', { authorization: 'BearerX abc' }, 401, 'invalid_token', bothSchemes],
    ['a scheme without a token', { authorization: 'Bearer' }, 400, 'invalid_request', /error="invalid_request"/],
    ['DPoP without a token', { authorization: 'DPoP' }, 400, 'invalid_request', /^DPoP error="invalid_request"/],
    ['two tokens in the header', { authorization: 'Bearer a b' }, 400, 'invalid_request', /error="invalid_request"/],
    [
      'a token with other characters',
      { authorization: 'Bearer a"b' },
      400,
      'invalid_request',
      /error="invalid_request"/,
    ],
    [
      'header and body',
      { authorization: 'Bearer abc', body: sent('access_token', 'abc') },
      400,
      'invalid_request',
      /more than one way/,
    ],
    ['the query', { authorization: undefined, query: sent('access_token', 'abc') }, 400, 'invalid_request', /query/],
    [
      'header and query',
      { authorization: 'Bearer abc', query: sent('access_token', 'abc') },
      400,
      'invalid_request',
      /query/,
    ],
    [
      'a malformed token in the body',
      { authorization: undefined, body: sent('access_token', 'a b') },
      400,
      'invalid_request',
      /malformed/,
    ],
  ])('refuses %s', (_what, request, status, error, challenge) => {
    const result = presentedAccessToken(request);
    if (result.ok) throw new Error('was accepted');
    expect(result.error).toMatchObject({ error, status });
    expect(result.error.headers?.['WWW-Authenticate']).toMatch(challenge);
  });
});

describe('ensureUserinfoAccess', () => {
  it('is for a token with openid that was meant for the issuer', () => {
    expect(ensureUserinfoAccess({ scopes: ['openid'], audience: [API, ISSUER] }, ISSUER, 'Bearer').ok).toBe(true);
  });

  it.each([
    ['another audience', { scopes: ['openid'], audience: [API] }, 'invalid_token', 401],
    ['another issuer’s audience', { scopes: ['openid'], audience: [`${ISSUER}/t/globex`] }, 'invalid_token', 401],
    ['no audience', { scopes: ['openid'], audience: [] }, 'invalid_token', 401],
    ['no openid', { scopes: ['profile'], audience: [ISSUER] }, 'insufficient_scope', 403],
  ])('refuses %s', (_what, token, error, status) => {
    expect(ensureUserinfoAccess(token, ISSUER, 'Bearer')).toMatchObject({ ok: false, error: { error, status } });
  });
});
