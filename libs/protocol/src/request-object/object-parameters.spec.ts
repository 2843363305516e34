import { describe, expect, it } from '@jest/globals';
import { objectParameters } from './object-parameters.js';

describe('objectParameters', () => {
  it('gives text for what JSON says in its own way', () => {
    const claims = {
      iss: 'shop',
      aud: 'https://id.example',
      exp: 1,
      nbf: 1,
      iat: 1,
      jti: 'j',
      scope: 'openid',
      max_age: 3600,
      claims: { id_token: { acr: { essential: true } } },
      resource: ['https://a.example', 'https://b.example'],
      state: '',
      nonce: null,
    };
    expect(objectParameters(claims)).toEqual({
      ok: true,
      value: {
        scope: ['openid'],
        max_age: ['3600'],
        claims: ['{"id_token":{"acr":{"essential":true}}}'],
        resource: ['https://a.example', 'https://b.example'],
      },
    });
  });

  it.each<[string, Record<string, unknown>]>([
    ['another request object', { request: 'x' }],
    ['a reference to another', { request_uri: 'https://shop.example/r' }],
    ['an empty nested request', { request: '' }],
    ['two values', { redirect_uri: ['https://a.example', 'https://b.example'] }],
    ['an object where text belongs', { state: { toString: 'x' } }],
    ['a resource that is no text', { resource: [{}] }],
    ['a NUL', { state: 'a\0b' }],
    ['a lone surrogate', { state: '\ud800' }],
    ['a value that is too long', { state: 'x'.repeat(2_049) }],
    ['a NUL in a name', { 'x\0': 'y' }],
    ['a lone surrogate in a name', { '\ud800': 'y' }],
    ['a name that is too long', { ['n'.repeat(129)]: 'y' }],
    ['a malformed name that asks for nothing', { 'x\0': '' }],
    ['too many parameters', Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`p${index}`, 'x']))],
  ])('refuses %s', (_what, claims) => {
    expect(objectParameters(claims)).toMatchObject({ ok: false, error: { error: 'invalid_request_object' } });
  });

  it('takes a member of a prototype for a parameter like any other', () => {
    const claims = JSON.parse('{"__proto__":"x","constructor":"y"}') as Record<string, unknown>;
    const read = objectParameters(claims);
    expect(read.ok && Object.keys(read.value)).toEqual(['__proto__', 'constructor']);
  });
});
