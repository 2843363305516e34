import { describe, expect, it } from '@jest/globals';
import { identifierKey } from './identifier-key.js';

describe('identifierKey', () => {
  it.each([
    ['Alice', 'alice'],
    ['ALICE@Example.com', 'alice@example.com'],
    ['ＡＬＩＣＥ', 'alice'],
    ['ﬁona', 'fiona'],
    ['straße', 'STRASSE'],
    ['STRAẞE', 'strasse'],
    ['ΟΔΥΣΣΕΥΣ', 'οδυσσευς'],
    ['e\u0301ve', '\u00c9VE'],
    ['al\u200bice', 'alice'],
    ['\u212aelvin', 'kelvin'],
  ])('takes %s and %s for one', (one, other) => {
    expect(identifierKey(one)).toBe(identifierKey(other));
  });

  it.each([
    ['alice', 'аlice'],
    ['ı', 'i'],
    ['a b', 'ab'],
  ])('tells %s from %s', (one, other) => {
    expect(identifierKey(one)).not.toBe(identifierKey(other));
  });

  it('shows nothing of what nobody sees', () => {
    expect(identifierKey('\u200b\u2060')).toBe('');
  });

  it('is the same whatever case a code point came in, and its own key', () => {
    const different: string[] = [];
    for (let point = 0; point < 0x2_0000; point++) {
      if (point >= 0xd800 && point <= 0xdfff) continue;
      const character = String.fromCodePoint(point);
      const key = identifierKey(character);
      const forms = [key, character.toLowerCase(), ...(character === 'ı' ? [] : [character.toUpperCase()])];
      if (forms.some((form) => identifierKey(form) !== key)) different.push(point.toString(16));
    }
    expect(different).toEqual([]);
  });
});
