import { describe, expect, it } from '@jest/globals';
import { FakeClock } from './fake-clock.js';

describe('FakeClock', () => {
  it('stands still until it is moved, by whole microseconds', () => {
    const clock = new FakeClock('2026-01-01T00:00:00.000Z');
    const start = clock.now();
    expect(start).toBe(1_767_225_600_000_000);
    expect(clock.now()).toBe(start);
    clock.advance(0.25);
    expect(clock.now() - start).toBe(250_000);
    clock.advance(-1);
    expect(clock.now() - start).toBe(-750_000);
  });
});
