import { describe, expect, it } from '@jest/globals';
import { logoutTokenClaims } from './logout-token-claims.js';

describe('logoutTokenClaims', () => {
  const input = {
    issuer: 'https://id.example',
    clientId: 'shop',
    issuedAt: 1_750_000_000_900_000,
    expiresAt: 1_750_000_120_900_000,
    tokenId: 'jti',
    sid: 'sid',
  };
  const claims = {
    iss: 'https://id.example',
    aud: 'shop',
    iat: 1_750_000_000,
    exp: 1_750_000_120,
    jti: 'jti',
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    sid: 'sid',
  };

  it('has what section 2.4 demands, and no nonce', () => {
    expect(logoutTokenClaims({ ...input, sub: 'alice' })).toEqual({ ...claims, sub: 'alice' });
  });

  it('names the session alone where the account cannot be named', () => {
    expect(logoutTokenClaims(input)).toEqual(claims);
  });
});
