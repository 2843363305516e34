import { describe, expect, it } from '@jest/globals';
import { checkContext } from '../../../test/check-context.js';
import type { Client } from '../../client.js';
import { checkScope } from './scope.js';

const noRefresh: Partial<Client> = { grantTypes: ['authorization_code'] };

describe('checkScope', () => {
  it.each<[string, string, Partial<Client>, string[]]>([
    ['what the client may ask for, in its order', 'email openid', {}, ['email', 'openid']],
    ['a plain OAuth request', 'demo:read', {}, ['demo:read']],
    ['what is left of scopes that are not registered', 'openid admin', {}, ['openid']],
    ['each once', 'openid openid', {}, ['openid']],
    ['offline_access', 'openid offline_access', {}, ['openid', 'offline_access']],
    ['no offline_access without openid', 'demo:read offline_access', {}, ['demo:read']],
    ['no offline_access for a client without refresh tokens', 'openid offline_access', noRefresh, ['openid']],
  ])('keeps %s', (_what, scope, client, expected) => {
    expect(checkScope(checkContext({ scope }, client))).toEqual({ ok: true, value: expected });
  });

  it.each([
    ['id_token token', ['openid']],
    ['code token', ['openid', 'offline_access']],
  ])('keeps offline_access only where a code comes: %s', (response_type, expected) => {
    const context = checkContext({ response_type, scope: 'openid offline_access' });
    expect(checkScope(context)).toEqual({ ok: true, value: expected });
  });

  it.each<[string, Record<string, string>]>([
    ['lacks openid for an ID token', { response_type: 'code id_token', scope: 'email' }],
    ['is missing', {}],
    ['is malformed', { scope: 'openid  profile' }],
    ['leaves nothing', { scope: 'admin' }],
    ['leaves nothing but an idle offline_access', { scope: 'offline_access' }],
  ])('answers invalid_scope where it %s', (_what, parameters) => {
    expect(checkScope(checkContext(parameters))).toMatchObject({ ok: false, error: { error: 'invalid_scope' } });
  });
});
