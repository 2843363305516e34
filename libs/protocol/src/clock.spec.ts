import { describe, expect, it } from '@jest/globals';
import { fromSeconds, toSeconds } from './clock.js';

describe('instants', () => {
  it.each([
    [0, 0],
    [999_999, 0],
    [1_000_000, 1],
    [1_767_225_600_999_999, 1_767_225_600],
  ])('%d microseconds are %d seconds, rounded down', (instant, seconds) => {
    expect(toSeconds(instant)).toBe(seconds);
  });

  it('stay safe integers for two centuries', () => {
    expect(Number.isSafeInteger(fromSeconds(Date.UTC(2226, 0, 1) / 1000))).toBe(true);
    expect(toSeconds(fromSeconds(1_767_225_600))).toBe(1_767_225_600);
  });
});
