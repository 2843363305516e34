import { describe, expect, it } from '@jest/globals';
import { API, ISSUER, aClient, anApi } from '../test/fixtures.js';
import { checkResources, openResources, scopesWithin, targetOf } from './resource.js';

const other = { identifier: 'urn:example:billing', scopes: ['bill'] };

describe('openResources', () => {
  it.each<[string[], string[]]>([
    [
      ['openid', 'demo:read'],
      [API, 'urn:example:bare'],
    ],
    [
      ['bill', 'demo:write'],
      [API, other.identifier, 'urn:example:bare'],
    ],
    [['openid'], ['urn:example:bare']],
  ])('of a client of %j are %j', (scopes, expected) => {
    const resourceServers = [anApi, other, { identifier: 'urn:example:bare', scopes: [] }];
    expect(openResources({ client: aClient({ scopes }), resourceServers })).toEqual(expected);
  });
});

describe('checkResources', () => {
  const bare = { identifier: 'urn:example:bare', scopes: [] };
  const registered = { client: aClient({ scopes: ['openid', 'demo:read'] }), resourceServers: [anApi, other, bare] };

  it('keeps what is registered, once, be it without scopes', () => {
    expect(checkResources([API, API, bare.identifier], registered)).toEqual({
      ok: true,
      value: [API, bare.identifier],
    });
  });

  it('answers invalid_target to a client that may have no scope there', () => {
    const refused = { ok: false, error: { error: 'invalid_target' } };
    expect(checkResources([API, other.identifier], registered)).toMatchObject(refused);
  });

  it.each(['https://unknown.example', 'https://api.example/', 'api.example', 'https://api.example#x', ''])(
    'answers invalid_target to %j',
    (resource) => {
      expect(checkResources([API, resource], registered)).toMatchObject({
        ok: false,
        error: { error: 'invalid_target' },
      });
    },
  );
});

describe('the audience', () => {
  const base = { issuer: ISSUER, resourceServers: [anApi, other] };

  it.each<[string, string[], string[], string[]]>([
    ['what resource names, and not the issuer', ['openid', 'demo:read'], [API], [API]],
    ['the resource servers of the scopes', ['demo:read', 'bill'], [], [API, 'urn:example:billing']],
    ['and the issuer with openid', ['openid', 'demo:read'], [], [API, ISSUER]],
    ['the issuer where nothing else is left', ['unknown'], [], [ISSUER]],
    ['the issuer without scopes', [], [], [ISSUER]],
  ])('is %s', (_what, scopes, resources, expected) => {
    expect(targetOf({ ...base, scopes, resources }).audience).toEqual(expected);
  });
});

// RFC 8707 section 2.2
describe('scopesWithin', () => {
  const twin = { identifier: 'https://twin.example', scopes: ['demo:read'] };
  const all = ['openid', 'demo:read', 'demo:write', 'bill', 'offline_access'];

  it.each<[string, string[], string[]]>([
    ['all without a resource', [], all],
    ['those of one resource, and those of none', [API], ['openid', 'demo:read', 'demo:write', 'offline_access']],
    ['those of another', [other.identifier], ['openid', 'bill', 'offline_access']],
    ['those of two', [API, other.identifier], all],
    ['one that two resource servers know, at either', [twin.identifier], ['openid', 'demo:read', 'offline_access']],
    ['those of none, at a resource without scopes', ['urn:example:bare'], ['openid', 'offline_access']],
  ])('keeps %s', (_what, resources, expected) => {
    const servers = [anApi, other, twin, { identifier: 'urn:example:bare', scopes: [] }];
    expect(scopesWithin(resources, all, servers)).toEqual(expected);
    expect(targetOf({ issuer: ISSUER, scopes: all, resources, resourceServers: servers }).scopes).toEqual(expected);
  });
});
