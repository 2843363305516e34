import { describe, expect, it } from '@jest/globals';
import { waitAfter } from './schedule.js';

describe('waitAfter', () => {
  it.each([
    [1, undefined, 5_000],
    [2, undefined, 300_000],
    [9, undefined, 86_400_000],
    [1, 60, 60_000],
    [2, 60, 300_000],
    [1, 1e9, 86_400_000],
    [10, undefined, null],
    [10, 60, null],
  ])('%i failed attempts, Retry-After %s: %s ms', (attempts, retryAfter, wait) => {
    expect(waitAfter(attempts, retryAfter, () => 0)).toBe(wait);
  });

  it('is up to a tenth later', () => {
    expect(waitAfter(1, undefined, () => 1)).toBe(5_500);
  });
});
