import { describe, expect, it } from '@jest/globals';
import { claimsWithin } from './requested-claims.js';

const asked = { idToken: ['email', 'acr', 'name'], userinfo: ['email_verified', 'phone_number', 'groups', 'toString'] };

describe('claimsWithin', () => {
  it.each([
    [
      ['openid', 'profile', 'email', 'phone'],
      ['email', 'name'],
      ['email_verified', 'phone_number'],
      ['email', 'profile', 'phone'],
    ],
    [['openid', 'email'], ['email'], ['email_verified'], ['email']],
    [['openid'], [], [], []],
    [[], [], [], []],
  ])('lets a client of %j have no more than its scopes hold', (scopes, idToken, userinfo, agreed) => {
    expect(claimsWithin(asked, scopes)).toEqual({ idToken, userinfo, agreed });
  });
});
