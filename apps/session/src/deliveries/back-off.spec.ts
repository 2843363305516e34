import { describe, expect, it } from '@jest/globals';
import { waitAfter } from './back-off.js';

describe('waitAfter', () => {
  it.each([
    [1, 1_000],
    [2, 2_000],
    [3, 4_000],
    [9, 256_000],
    [10, 300_000],
    [5_000, 300_000],
  ])('%i failed attempts: %i ms, and up to a quarter less', (attempts, whole) => {
    expect(waitAfter(attempts, () => 0)).toBe(whole);
    expect(waitAfter(attempts, () => 1)).toBe(whole * 0.75);
  });

  it('has some twenty attempts in an hour', () => {
    let [attempts, passed] = [1, 0];
    while (passed < 3_600_000) passed += waitAfter(attempts++, () => 0.5);
    expect(attempts).toBeGreaterThan(15);
    expect(attempts).toBeLessThan(30);
  });
});
