import { describe, expect, it } from '@jest/globals';
import { formatSetupCode, parseSetupCode } from './setup.js';

describe('a set-up code', () => {
  const shown = formatSetupCode(Uint8Array.from({ length: 20 }, (_, place) => place * 9));

  it('is 20 characters in groups, and the same however it is typed', () => {
    expect(shown).toMatch(/^[0-9A-Z]{5}(?:-[0-9A-Z]{5}){3}$/);
    for (const typed of [shown, shown.toLowerCase(), shown.replaceAll('-', ' '), ` ${shown.replaceAll('-', '')}\n`])
      expect(parseSetupCode(typed)).toBe(shown);
    expect(parseSetupCode('oOiIl-00000-00000-00000')).toBe('00111-00000-00000-00000');
  });

  it.each(['', shown.slice(1), `${shown}0`, shown.replace(/.$/, 'U'), '💥'.repeat(20), 'x'.repeat(5_000)])(
    'is not %j',
    (typed) => {
      expect(parseSetupCode(typed)).toBeUndefined();
    },
  );
});
