import { describe, expect, it } from '@jest/globals';
import { parseParameters, requestParameters } from './parameters.js';

const parsed = (raw: string) => {
  const { parameters } = parseParameters(raw);
  return Object.fromEntries(parameters.names().map((name) => [name, parameters.all(name)]));
};

describe('parseParameters', () => {
  it.each<[string, string, Record<string, string[]>]>([
    ['nothing', '', {}],
    ['stray ampersands', '&&a=1&', { a: ['1'] }],
    ['plus and percent', 'scope=openid+profile&b=%2B%26', { scope: ['openid profile'], b: ['+&'] }],
    ['an equals sign in the value', 'a=b=c', { a: ['b=c'] }],
    ['an empty value as omitted', 'state=&nonce&a=1', { a: ['1'] }],
    ['text beyond ASCII', 'a=%C3%A9%F0%9F%99%82', { a: ['é🙂'] }],
    ['resource more than once', 'resource=x&resource=y', { resource: ['x', 'y'] }],
    [
      'a name of Object.prototype as any other',
      '__proto__=1&constructor=2',
      { ['__proto__']: ['1'], constructor: ['2'] },
    ],
  ])('reads %s', (_what, raw, expected) => {
    expect(parseParameters(raw).ok).toBe(true);
    expect(Object.entries(parsed(raw))).toEqual(Object.entries(expected));
  });

  it.each(['toString', '__proto__', 'constructor', 'hasOwnProperty'])('finds no %s that was not sent', (name) => {
    expect(parseParameters('a=1').parameters.get(name)).toBeUndefined();
    expect(requestParameters({ a: '1' }).get(name)).toBeUndefined();
  });

  it.each([
    ['doubled', 'a=1&state=x&state=x', 'state', 'The parameter state is included more than once'],
    ['doubled with an empty one', 'state=&state=x&a=1', 'state', 'The parameter state is included more than once'],
    ['doubled under two encodings', 'st%61te=y&state=x&a=1', 'state', 'The parameter state is included more than once'],
    ['a NUL', 'state=a%00b&a=1', 'state', 'The parameter state is not well-formed UTF-8 text in percent-encoding'],
    ['a stray percent', 'state=100%&a=1', 'state', 'percent-encoding'],
    ['bad hexadecimal', 'state=%zz&a=1', 'state', 'percent-encoding'],
    ['bytes that are not UTF-8', 'state=%ff%fe&a=1', 'state', 'UTF-8'],
    ['an overlong encoding', 'state=%c0%af&a=1', 'state', 'UTF-8'],
    ['an encoded surrogate', 'state=%ed%a0%80&a=1', 'state', 'UTF-8'],
    ['a lone surrogate', 'state=\ud800&a=1', 'state', 'UTF-8'],
    ['what a lossy decoder left', 'state=\ufffd&a=1', 'state', 'UTF-8'],
    ['too long a value', `state=${'x'.repeat(2049)}&a=1`, 'state', 'The parameter state is too long'],
  ])('names a parameter with %s, and keeps the sound ones', (_what, raw, name, description) => {
    const result = parseParameters(raw);
    if (result.ok) throw new Error('was accepted');
    expect(result.error).toMatchObject({ error: 'invalid_request', status: 400 });
    expect(result.error.errorDescription).toContain(description);
    expect([...result.faulty]).toEqual([name]);
    expect(result.parameters.get(name)).toBeUndefined();
    expect(result.parameters.get('a')).toBe('1');
  });

  it('names all faults at once', () => {
    const result = parseParameters('a=1&a=1&b=%');
    expect(result.ok ? undefined : [...result.faulty]).toEqual(['a', 'b']);
  });

  it.each([
    ['a query over the limit', 'a='.padEnd(8193, 'x')],
    ['more parameters than anybody needs', Array.from({ length: 101 }, (_, i) => `p${i}=1`).join('&')],
    ['a malformed name', '%zz=1'],
    ['a NUL in a name', 'a%00=1'],
    ['a name that is too long', `${'n'.repeat(129)}=1`],
  ])('refuses the whole request for %s', (_what, raw) => {
    const result = parseParameters(raw);
    if (result.ok) throw new Error('was accepted');
    expect(result.faulty.size).toBe(0);
    expect(result.parameters.names()).toEqual([]);
  });

  it('never puts a name beyond the characters of RFC 6749 into the description', () => {
    const result = parseParameters('%22%5C%C3%A9=1&%22%5C%C3%A9=1');
    expect(result.ok ? '' : result.error.errorDescription).toBe('The parameter ??? is included more than once');
  });

  it('takes a body up to its own limit', () => {
    const body = Array.from({ length: 9 }, (_, i) => `p${i}=${'x'.repeat(1000)}`).join('&');
    expect(parseParameters(body).ok).toBe(false);
    expect(parseParameters(body, 64 * 1024).ok).toBe(true);
  });
});
