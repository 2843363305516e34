import { describe, expect, it } from '@jest/globals';
import { uuidFromText, uuidToText } from './uuid-text.js';

describe('uuid text', () => {
  it.each([
    ['00000000-0000-0000-0000-000000000000', 'AAAAAAAAAAAAAAAAAAAAAA'],
    ['ffffffff-ffff-ffff-ffff-ffffffffffff', '_____________________w'],
    ['0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b', 'AZChssPUfl-KmwwdLj9KWw'],
  ])('%s is %s, and back', (uuid, text) => {
    expect(uuidToText(uuid)).toBe(text);
    expect(uuidFromText(text)).toBe(uuid);
  });

  it.each([
    ['another last character for the same bytes', 'AAAAAAAAAAAAAAAAAAAAAB'],
    ['too short', 'AAAAAAAAAAAAAAAAAAAAA'],
    ['too long', 'AAAAAAAAAAAAAAAAAAAAAAA'],
    ['padding', 'AAAAAAAAAAAAAAAAAAAAAA=='],
    ['another alphabet', 'AAAAAAAAAA+AAAAAAAAAAA'],
    ['the long form', '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b'],
    ['nothing', ''],
  ])('reads no id from %s', (_what, text) => {
    expect(uuidFromText(text)).toBeUndefined();
  });

  it('throws for what is no UUID', () => {
    expect(() => uuidToText('acc_1')).toThrow(TypeError);
  });
});
