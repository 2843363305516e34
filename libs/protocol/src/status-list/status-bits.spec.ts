import { describe, expect, it } from '@jest/globals';
import { statusBits } from './status-bits.js';

describe('statusBits', () => {
  // The example of draft-ietf-oauth-status-list section 4.1.
  it('counts from the lowest bit of the first byte', () => {
    const bits = statusBits(16, [0, 3, 4, 5, 7, 8, 9, 13, 15]);
    expect([...bits]).toEqual([0xb9, 0xa3]);
  });

  it('is valid where nothing is said', () => {
    expect([...statusBits(16, [])]).toEqual([0, 0]);
  });

  it.each([-1, 16])('has no index %d', (index) => {
    expect(() => statusBits(16, [index])).toThrow(RangeError);
  });
});
