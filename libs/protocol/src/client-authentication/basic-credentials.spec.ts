import { describe, expect, it } from '@jest/globals';
import { parseBasicCredentials } from './basic-credentials.js';

const encoded = (text: string | Uint8Array): string => Buffer.from(text).toString('base64');

describe('parseBasicCredentials', () => {
  it.each([
    ['plain', `Basic ${encoded('shop:secret')}`, 'shop', 'secret'],
    ['the scheme in lower case', `basic ${encoded('shop:secret')}`, 'shop', 'secret'],
    ['more than one space', `Basic   ${encoded('shop:secret')}`, 'shop', 'secret'],
    ['form-encoded parts', `Basic ${encoded('a%3Ab:s%25+x%2B')}`, 'a:b', 's% x+'],
    ['a colon in the secret', `Basic ${encoded('shop:a:b')}`, 'shop', 'a:b'],
    ['an empty secret', `Basic ${encoded('shop:')}`, 'shop', ''],
    ['letters beyond ASCII', `Basic ${encoded('caf%C3%A9:%E2%82%AC')}`, 'café', '€'],
    ['no padding', `Basic ${encoded('shop:s').replace(/=+$/, '')}`, 'shop', 's'],
  ])('reads %s', (_what, header, clientId, secret) => {
    expect(parseBasicCredentials(header)).toEqual({ clientId, secret });
  });

  it.each([
    ['another scheme', 'Bearer abc'],
    ['no credentials', 'Basic'],
    ['an empty token', 'Basic '],
    ['no colon', `Basic ${encoded('shop')}`],
    ['no id', `Basic ${encoded(':secret')}`],
    ['base64url', 'Basic c2hvcDo_Pz8-'],
    ['base64 with a line break', `Basic ${encoded('shop:secret')}\n`],
    ['base64 that is not canonical', 'Basic c2hvcDpzZWNyZXR='],
    ['two tokens', `Basic ${encoded('shop:secret')} ${encoded('x:y')}`],
    ['a stray percent', `Basic ${encoded('shop:100%')}`],
    ['bytes that are not UTF-8', `Basic ${encoded(Buffer.from([0x61, 0x3a, 0xff, 0xfe]))}`],
    ['encoded bytes that are not UTF-8', `Basic ${encoded('shop:%ff')}`],
    ['an encoded NUL', `Basic ${encoded('shop%00:secret')}`],
    ['an oversized header', `Basic ${'A'.repeat(8192)}`],
  ])('reads nothing from %s', (_what, header) => {
    expect(parseBasicCredentials(header)).toBeUndefined();
  });
});
