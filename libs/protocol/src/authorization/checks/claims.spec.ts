import { describe, expect, it } from '@jest/globals';
import { checkContext } from '../../../test/check-context.js';
import { checkClaims } from './claims.js';

describe('checkClaims', () => {
  it('asks for none where none were sent', () => {
    expect(checkClaims(checkContext({}))).toEqual({ ok: true, value: { userinfo: [], idToken: [] } });
  });

  it('reads what was sent', () => {
    const result = checkClaims(checkContext({ claims: '{"id_token":{"email":null}}' }));
    expect(result).toMatchObject({ ok: true, value: { userinfo: [], idToken: ['email'] } });
  });

  it('refuses what is malformed', () => {
    const result = checkClaims(checkContext({ claims: 'email' }));
    expect(result).toMatchObject({ ok: false, error: { error: 'invalid_request' } });
  });
});
