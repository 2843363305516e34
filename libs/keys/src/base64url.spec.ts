import { describe, expect, it } from '@jest/globals';
import { decodeBase64url, encodeBase64url } from './base64url.js';

describe('base64url', () => {
  it.each([
    ['', []],
    ['_-8', [0xff, 0xef]],
    ['AA', [0]],
    ['AAAA', [0, 0, 0]],
  ])('%j and its bytes, both ways', (text, bytes) => {
    expect(encodeBase64url(Uint8Array.from(bytes))).toBe(text);
    expect([...(decodeBase64url(text) ?? [])]).toEqual(bytes);
  });

  it('encodes a view, not the buffer behind it', () => {
    expect(encodeBase64url(Uint8Array.from([1, 2, 3, 4]).subarray(1, 3))).toBe('AgM');
  });

  it.each([
    ['padding', 'AA=='],
    ['the standard alphabet', '//8'],
    ['plus', '++8'],
    ['white space', 'AA AA'],
    ['a line feed', 'AAAA\n'],
    ['a length that no bytes have', 'AAAAA'],
    ['unused bits that are set', 'AB'],
    ['unused bits that are set, of two bytes', 'AAB'],
    ['a letter beyond ASCII', 'AAé'],
    ['a NUL', 'AA\0A'],
    ['a dot', 'AAAA.AAAA'],
  ])('refuses %s', (_what, text) => {
    expect(decodeBase64url(text)).toBeUndefined();
  });
});
