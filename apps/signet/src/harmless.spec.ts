import { describe, expect, it } from '@jest/globals';
import { harmless } from './harmless.js';

describe('harmless', () => {
  it.each([
    ['a line break', 'a\r\nb', 'a\\u000d\\u000ab'],
    ['an escape sequence', '\u001b[2J', '\\u001b[2J'],
    ['a C1 control', '\u009b2J', '\\u009b2J'],
    ['a bidirectional override', '\u202etxt.exe', '\\u202etxt.exe'],
    ['what is not seen', 'a\u200bb\ufeff', 'a\\u200bb\\ufeff'],
    ['a line separator', 'a\u2028b', 'a\\u2028b'],
    ['half a character', 'a\ud800', 'a\\ud800'],
    ['a control above the first plane', '\u{e0001}', '\\udb40\\udc01'],
  ])('escapes %s', (_, text, shown) => {
    expect(harmless(text)).toBe(shown);
  });

  it.each(['Ærøskøbing 😀', 'שלום', 'a\u0301', 'plain text, "quoted"'])('leaves %s alone', (text) => {
    expect(harmless(text)).toBe(text);
  });

  it('leaves JSON the same JSON', () => {
    const value = { text: 'a\u009b\u202e\n"\u{e0001}' };
    expect(JSON.parse(harmless(JSON.stringify(value)))).toEqual(value);
  });
});
