import { describe, expect, it } from '@jest/globals';
import { formatAuthorizationCode, parseAuthorizationCode } from './authorization-code.js';

const id = '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b';
const secret = Buffer.alloc(32, 0xa5).toString('base64url');
const text = formatAuthorizationCode({ id, secret });

describe('authorization code', () => {
  it('is read as it was written', () => {
    expect(text).toMatch(/^[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}$/);
    expect(parseAuthorizationCode(text)).toEqual({ id, secret });
  });

  it.each([
    ['nothing', ''],
    ['no dot', text.replace('.', '')],
    ['no secret', text.split('.')[0] ?? ''],
    ['another part', `${text}.x`],
    ['a shorter secret', text.slice(0, -1)],
    ['a secret that is not canonical', `${text.slice(0, -1)}B`],
    ['an id that is not canonical', `${text.slice(0, 21)}B${text.slice(22)}`],
    ['padding', `${text}=`],
    ['white space', ` ${text}`],
    ['a line feed', `${text}\n`],
    ['a NUL', `${text}\0`],
  ])('reads nothing from %s', (_what, bad) => {
    expect(parseAuthorizationCode(bad)).toBeUndefined();
  });
});
