import { describe, expect, it } from '@jest/globals';
import { accountClaimsSchema } from './account-claims.js';
import type { AccountClaims } from './account-claims.js';
import { claimsOfScopes, supportedClaims } from './scope-claims.js';
import { userinfoClaims } from './userinfo-claims.js';

const alice: AccountClaims = {
  sub: 'sub-alice',
  name: 'Alice Liddell',
  given_name: 'Alice',
  family_name: 'Liddell',
  preferred_username: 'alice',
  locale: 'en',
  updated_at: 1_767_225_600,
  email: 'alice@example.com',
  email_verified: false,
  address: { country: 'GB' },
  phone_number: '+44 20 7946 0000',
  phone_number_verified: true,
};

const profile = {
  name: 'Alice Liddell',
  given_name: 'Alice',
  family_name: 'Liddell',
  preferred_username: 'alice',
  locale: 'en',
  updated_at: 1_767_225_600,
};

describe('userinfoClaims', () => {
  it.each<[string, string[], Record<string, unknown>]>([
    ['openid', ['openid'], {}],
    ['profile (oidcc-scope-profile)', ['openid', 'profile'], profile],
    ['email (oidcc-scope-email)', ['openid', 'email'], { email: 'alice@example.com', email_verified: false }],
    ['address (oidcc-scope-address)', ['openid', 'address'], { address: { country: 'GB' } }],
    [
      'phone (oidcc-scope-phone)',
      ['openid', 'phone'],
      { phone_number: '+44 20 7946 0000', phone_number_verified: true },
    ],
    ['offline_access and a scope of an API', ['openid', 'offline_access', 'demo:read'], {}],
    ['scopes by the name of a prototype member', ['openid', '__proto__', 'constructor', 'toString'], {}],
    ['no scope', [], {}],
  ])('tells for %s what it asks for', (_what, scopes, expected) => {
    expect(userinfoClaims(scopes, alice)).toEqual({ sub: 'sub-alice', ...expected });
  });

  it('leaves out what the account does not have', () => {
    const bare = { sub: 'sub-bob', name: '', email: undefined, nickname: 'Bob' };
    expect(userinfoClaims(['openid', 'profile', 'email'], bare)).toEqual({ sub: 'sub-bob', nickname: 'Bob' });
  });

  it('tells nothing that is in no table, even where the account has it', () => {
    const account = { ...alice, password_hash: 'x', account_id: 'y' };
    const everything = userinfoClaims(['openid', 'profile', 'email', 'address', 'phone'], account);
    expect(everything).toEqual(alice);
  });
});

describe('the table of scopes', () => {
  it('covers every claim of an account', () => {
    const reachable = claimsOfScopes(['openid', 'profile', 'email', 'address', 'phone']);
    expect([...reachable].sort()).toEqual(Object.keys(accountClaimsSchema.shape).sort());
  });

  it('gives the claims that discovery names', () => {
    expect(supportedClaims(['openid', 'email', 'demo:read'])).toEqual([
      'iss',
      'aud',
      'exp',
      'iat',
      'auth_time',
      'acr',
      'amr',
      'sid',
      'sub',
      'email',
      'email_verified',
    ]);
  });
});
