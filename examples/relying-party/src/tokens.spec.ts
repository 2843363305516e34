import { describe, expect, it } from '@jest/globals';
import { decodeForDisplay } from './tokens.js';

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('decodeForDisplay', () => {
  it('shows what a JWT says', () => {
    const token = `${part({ alg: 'ES256' })}.${part({ sub: 'ü' })}.c2ln`;
    expect(decodeForDisplay(token)).toEqual({ header: { alg: 'ES256' }, payload: { sub: 'ü' } });
  });

  it.each([
    ['opaque', 'v1.k1.0.0198f0c2.3.bWFj'],
    ['not base64 of JSON', 'a.b.c'],
    ['not objects', `${part(1)}.${part('x')}.c2ln`],
    ['empty', ''],
    ['a JWE', 'a.b.c.d.e'],
  ])('shows nothing of a token that is %s', (_name, token) => {
    expect(decodeForDisplay(token)).toBeUndefined();
  });
});
