import { describe, expect, it } from '@jest/globals';
import { insufficientScope, invalidToken, missingToken } from './bearer-error.js';
import { invalidClient, invalidGrant, oauthErrorBody, temporarilyUnavailable } from './oauth-error.js';

describe('OAuthError', () => {
  it('shows a client what is public and nothing else', () => {
    const error = invalidGrant('The code is not valid', { detail: 'code_expired', cause: new Error('secret') });
    expect(oauthErrorBody(error)).toEqual({ error: 'invalid_grant', error_description: 'The code is not valid' });
    expect(error).toMatchObject({ status: 400, detail: 'code_expired' });
  });

  it('keeps a description within the characters of RFC 6749 section 5.2', () => {
    const every = Array.from({ length: 0x180 }, (_, code) => String.fromCharCode(code)).join('');
    expect(invalidGrant(every).errorDescription).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]*$/);
    expect(invalidGrant('x"\\\r\n\u2028🙂y').errorDescription).toBe('x??????y');
  });

  it('caps a description', () => {
    expect(invalidGrant('x'.repeat(5000)).errorDescription).toHaveLength(400);
  });

  it('answers invalid_client by 401 with a challenge', () => {
    expect(invalidClient('no')).toMatchObject({
      status: 401,
      headers: { 'WWW-Authenticate': 'Basic realm="signet", charset="UTF-8"' },
    });
  });

  it('tells when to come back', () => {
    expect(temporarilyUnavailable('away', { retryAfter: 5 })).toMatchObject({
      status: 503,
      headers: { 'Retry-After': '5' },
    });
  });
});

// RFC 9449 section 7.2: who sent a bearer token, or none, is told of DPoP too.
const dpop = 'DPoP algs="RS256 PS256 ES256 EdDSA Ed25519"';

describe('bearer errors', () => {
  it.each([
    ['no token', missingToken(), 401, `Bearer realm="signet", ${dpop}`],
    [
      'a bad token',
      invalidToken('It has "expired"\r\nX: y'),
      401,
      `Bearer realm="signet", error="invalid_token", error_description="It has ?expired???X: y", ${dpop}`,
    ],
    [
      'a bad token by DPoP',
      invalidToken('no', { scheme: 'DPoP' }),
      401,
      'DPoP error="invalid_token", error_description="no", algs="RS256 PS256 ES256 EdDSA Ed25519"',
    ],
    [
      'too little scope',
      insufficientScope('openid'),
      403,
      'Bearer realm="signet", error="insufficient_scope", error_description="The scope openid is required", scope="openid"',
    ],
  ])('challenges %s as RFC 6750 section 3 says', (_what, error, status, challenge) => {
    expect(error.status).toBe(status);
    expect(error.headers).toEqual({ 'WWW-Authenticate': challenge });
  });
});
