import { describe, expect, it } from '@jest/globals';
import { micros } from '@signet/contracts';
import { isDue, isPublished, keyInUse, publishedAhead } from './key-schedule.js';

const at = (seconds: number) => micros.parse(seconds * 1_000_000);
const key = (generation: number, createdAt: number, ahead = publishedAhead) => ({
  generation,
  createdAt: at(createdAt),
  usedFrom: at(createdAt + ahead),
});

const first = key(1, 1_000, 0);
const second = key(2, 100_000);
const keys = [first, second];

describe('the key in use', () => {
  it.each([
    ['the only one, from its making', [first], 1_000, first],
    ['the only one, though the clock is behind', [first], 999, first],
    ['the old one, while the new one is only published', keys, 100_599, first],
    ['the new one, once its time has come', keys, 100_600, second],
    ['none of no keys', [], 1_000, undefined],
  ])('is %s', (_what, held, now, expected) => {
    expect(keyInUse(held, at(now))).toBe(expected);
  });

  it('is the one forced last, whatever waits', () => {
    const forced = key(3, 100_010, 0);
    expect(keyInUse([...keys, forced], at(100_010))).toBe(forced);
    expect(keyInUse([...keys, forced], at(200_000))).toBe(forced);
  });
});

describe('a compromised key', () => {
  const compromised = { ...second, compromisedAt: at(100_700) };
  const successor = key(3, 100_700, 0);

  it('is replaced by what was made after it, though the clock is behind, and never by what was before', () => {
    for (const now of [100_699, 100_700, 200_000])
      expect(keyInUse([first, compromised, successor], at(now))).toBe(successor);
    expect(keyInUse([first, compromised], at(100_700))).toBeUndefined();
  });

  it('does not put a key out of use that has replaced it', () => {
    expect(keyInUse([{ ...first, compromisedAt: at(100_700) }, second], at(100_700))).toBe(second);
  });

  it('is not published', () => {
    expect(isPublished(compromised, [first, compromised, successor], at(100_700))).toBe(false);
  });
});

describe('a published key', () => {
  it('is one that waits for its time, or is in use', () => {
    expect(isPublished(second, keys, at(100_000))).toBe(true);
    expect(isPublished(second, keys, at(900_000))).toBe(true);
  });

  it('is one whose tokens may still live, and no longer', () => {
    expect(isPublished(first, keys, at(100_600 + 7_199))).toBe(true);
    expect(isPublished(first, keys, at(100_600 + 7_200))).toBe(false);
  });
});

describe('a rotation', () => {
  it('is due when the newest key has reached the age', () => {
    expect(isDue([first], 3_600, at(4_599))).toBe(false);
    expect(isDue([first], 3_600, at(4_600))).toBe(true);
    expect(isDue(keys, 3_600, at(100_001))).toBe(false);
  });

  it('is not for an algorithm that nobody has asked for', () => {
    expect(isDue([], 3_600, at(1))).toBe(false);
  });
});
