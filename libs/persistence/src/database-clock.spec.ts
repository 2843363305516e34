import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Micros } from '@signet/contracts';
import { DatabaseClock } from './database-clock.js';
import { ClockUnknown } from './errors.js';

const base = 1_795_424_400_000_000 as Micros;

describe('DatabaseClock', () => {
  let milliseconds: number;
  let clock: DatabaseClock;

  beforeEach(() => {
    milliseconds = 1_000;
    clock = new DatabaseClock(() => milliseconds);
  });

  it('knows nothing before the first reading', () => {
    expect(clock.known()).toBe(false);
    expect(() => clock.now()).toThrow(ClockUnknown);
  });

  it('takes a reading for the middle of its round trip and moves on with the monotonic clock', () => {
    clock.observe(base, 1_000, 1_010);
    milliseconds = 1_005;
    expect(clock.now()).toBe(base);
    milliseconds = 1_105.5;
    expect(clock.now()).toBe(base + 100_500);
  });

  it('says the latest that it can be, as though the reading was made when it was sent', () => {
    expect(() => clock.latest()).toThrow(ClockUnknown);
    clock.observe(base, 1_000, 1_010);
    milliseconds = 1_010;
    expect(clock.latest()).toBe(base + 10_000);
  });

  it.each([
    [5_000, true],
    [5_001, false],
  ])('is known %i ms after the reading began: %s', (age, known) => {
    clock.observe(base, 1_000, 1_500);
    milliseconds = 1_000 + age;
    expect(clock.known()).toBe(known);
  });

  it('follows Postgres when its time goes back', () => {
    clock.observe(base, 1_000, 1_000);
    clock.observe((base - 60_000_000) as Micros, 2_000, 2_000);
    milliseconds = 2_000;
    expect(clock.now()).toBe(base - 60_000_000);
  });

  it('drops a reading that took too long', () => {
    clock.observe(base, 1_000, 3_001);
    expect(clock.known()).toBe(false);
  });

  it('keeps the reading that began last', () => {
    clock.observe(base, 2_000, 2_000);
    clock.observe((base + 5_000_000) as Micros, 1_900, 2_100);
    milliseconds = 2_000;
    expect(clock.now()).toBe(base);
  });
});
