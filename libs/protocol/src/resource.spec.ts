import { describe, expect, it } from '@jest/globals';
import { API, ISSUER, anApi } from '../test/fixtures.js';
import { audienceOf, checkResources } from './resource.js';

const other = { identifier: 'urn:example:billing', scopes: ['bill'] };

describe('checkResources', () => {
  it('keeps what is registered, once', () => {
    expect(checkResources([API, API, 'urn:example:billing'], [anApi, other])).toEqual({
      ok: true,
      value: [API, 'urn:example:billing'],
    });
  });

  it.each(['https://unknown.example', 'https://api.example/', 'api.example', 'https://api.example#x', ''])(
    'answers invalid_target to %j',
    (resource) => {
      expect(checkResources([API, resource], [anApi])).toMatchObject({ ok: false, error: { error: 'invalid_target' } });
    },
  );
});

describe('audienceOf', () => {
  const base = { issuer: ISSUER, resourceServers: [anApi, other] };

  it.each<[string, string[], string[], string[]]>([
    ['what resource names, and not the issuer', ['openid', 'demo:read'], [API], [API]],
    ['the resource servers of the scopes', ['demo:read', 'bill'], [], [API, 'urn:example:billing']],
    ['and the issuer with openid', ['openid', 'demo:read'], [], [API, ISSUER]],
    ['the issuer where nothing else is left', ['unknown'], [], [ISSUER]],
    ['the issuer without scopes', [], [], [ISSUER]],
  ])('is %s', (_what, scopes, resources, expected) => {
    expect(audienceOf({ ...base, scopes, resources })).toEqual(expected);
  });
});
