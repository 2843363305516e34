import { describe, expect, it } from '@jest/globals';
import { checkContext } from '../../../test/check-context.js';
import { anApi, API } from '../../../test/fixtures.js';
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

  // RFC 8707 section 2.2
  it('keeps what the resource knows, and fails where that is nothing', () => {
    const other = { identifier: 'https://other.example', scopes: ['other:read'] };
    const context = (scope: string, ...resource: string[]) => ({
      ...checkContext({ scope, resource }, { scopes: ['openid', 'demo:read', 'other:read'] }),
      resourceServers: [anApi, other],
    });
    const all = 'openid demo:read other:read';
    expect(checkScope(context(all, API))).toEqual({ ok: true, value: ['openid', 'demo:read'] });
    expect(checkScope(context(all, API, other.identifier))).toEqual({ ok: true, value: all.split(' ') });
    expect(checkScope(context('demo:read', other.identifier))).toMatchObject({ error: { error: 'invalid_scope' } });
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
