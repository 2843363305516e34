import { createPublicKey } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { JWKS_LIMIT, clientJwksFault, importClientJwk, parseClientJwks, thumbprint } from './client-jwk.js';

// RFC 7638 section 3.1.
const rsa = {
  kty: 'RSA',
  n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
  e: 'AQAB',
  alg: 'RS256',
  kid: '2011-04-29',
};

/** Of so many bits, and odd. */
const modulusOf = (bits: number) =>
  Buffer.from(((1n << BigInt(bits - 1)) + 1n).toString(16).padStart(2 * Math.ceil(bits / 8), '0'), 'hex').toString(
    'base64url',
  );

const imported = (jwk: object) => {
  const key = importClientJwk(jwk);
  if (key === undefined) throw new Error('no key');
  return key;
};

describe('thumbprint', () => {
  it('is that of the example', () => {
    expect(thumbprint(imported(rsa))).toBe('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs');
  });

  it('of one key is one, with a zero before its modulus too', () => {
    const padded = Buffer.concat([Uint8Array.of(0), Buffer.from(rsa.n, 'base64url')]).toString('base64url');
    expect(thumbprint(imported({ ...rsa, n: padded }))).toBe(thumbprint(imported(rsa)));
  });
});

describe('importClientJwk', () => {
  it.each<[string, object]>([
    ['an empty object', {}],
    ['a symmetric key', { kty: 'oct', k: 'AAAA' }],
    ['an RSA key without modulus', { kty: 'RSA', e: 'AQAB' }],
    ['members that are no texts', { ...rsa, n: 1 }],
    ['padding', { ...rsa, e: 'AQAB=' }],
    ['standard base64', { ...rsa, n: rsa.n.replaceAll('_', '/') }],
    ['a small modulus', { ...rsa, n: rsa.n.slice(0, 171) }],
    ['a modulus of a bit too many', { ...rsa, n: modulusOf(4097) }],
    ['a huge modulus', { ...rsa, n: modulusOf(8192) }],
    ['an exponent of five bytes', { ...rsa, e: 'AQAAAAE' }],
    ['an unknown curve', { kty: 'EC', crv: 'P-255', x: 'AA', y: 'AA' }],
    ['the point at zero', { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) }],
    ['an Ed25519 key that is too short', { kty: 'OKP', crv: 'Ed25519', x: 'AAAA' }],
  ])('finds no key in %s', (_what, jwk) => {
    expect(importClientJwk(jwk)).toBeUndefined();
  });

  it('finds the longest that it takes', () => {
    expect(imported({ ...rsa, n: modulusOf(4096), e: 'gAAAAQ' })).toBeDefined();
  });
});

describe('a set of a client', () => {
  const parsed = (json: string) => {
    const result = parseClientJwks(json);
    return result.ok ? result.jwks.keys.length : result.fault;
  };
  const set = (...keys: object[]) => JSON.stringify({ keys });

  it.each<[string, string, number | string]>([
    ['one key', set(rsa), 1],
    ['no key', set(), 0],
    ['a key of an unknown type', set({ kty: 'NEW' }), 1],
    ['members beside keys', JSON.stringify({ keys: [rsa], more: 1 }), 1],
    ['a private member', set(rsa, { ...rsa, d: 'AA' }), 'private_member'],
    ['a private member that is empty', set({ ...rsa, d: null }), 'private_member'],
    ['a symmetric key', set({ kty: 'oct', k: 'AA' }), 'symmetric_key'],
    ['a modulus that is too long', set(rsa, { ...rsa, n: modulusOf(8192) }), 2],
    ['an exponent that is too long', set({ ...rsa, e: 'AQAAAAE' }), 1],
    ['a symmetric member under another type', set({ ...rsa, k: 'AA' }), 'private_member'],
    ['a key without type', set({ n: 'AA' }), 'malformed'],
    ['no set', '[]', 'malformed'],
    ['no JSON', '{', 'malformed'],
    ['nothing', '', 'malformed'],
    ['too many', set(...Array.from({ length: 101 }, () => rsa)), 'malformed'],
    ['too much', ' '.repeat(JWKS_LIMIT + 1), 'too_large'],
  ])('with %s', (_what, json, expected) => {
    expect(parsed(json)).toBe(expected);
  });

  it.each([
    ['one that we can use', [rsa], undefined],
    ['a private member', [{ ...rsa, p: 'AA' }], 'private_member'],
    ['a symmetric key', [{ kty: 'oct', k: 'AA' }], 'symmetric_key'],
    ['a modulus that is too long', [rsa, { ...rsa, n: modulusOf(8192) }], 'oversized_key'],
    ['an exponent that is too long', [{ ...rsa, e: 'AQAAAAE' }], 'oversized_key'],
  ])('that is registered, with %s', (_what, keys, fault) => {
    expect(clientJwksFault({ keys })).toBe(fault);
  });

  it('is not altered by Node: the modulus stays what it was', () => {
    expect(createPublicKey({ key: rsa, format: 'jwk' }).export({ format: 'jwk' })).toMatchObject({ n: rsa.n });
  });
});
