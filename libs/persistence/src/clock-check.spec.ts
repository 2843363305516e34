import { describe, expect, it } from '@jest/globals';
import type { Micros } from '@signet/contracts';
import { assertClock } from './clock-check.js';
import { UnfitServer } from './errors.js';

const postgres = 1_800_000_000_000_000 as Micros;

function look(seconds: number): string[] {
  const warned: string[] = [];
  const logger = { info: () => undefined, warn: (fields: object) => warned.push(JSON.stringify(fields)) };
  assertClock(postgres / 1_000 + seconds * 1_000, postgres, logger);
  return warned;
}

describe('the clock of the machine', () => {
  it.each([0, 4.9, -5])('may differ by %d s', (seconds) => {
    expect(look(seconds)).toEqual([]);
  });

  it.each([
    [6, '6 s ahead of'],
    [-60, '60 s behind'],
  ])('that differs by %d s is warned of', (seconds, text) => {
    expect(look(seconds).join()).toContain(text);
  });

  it.each([
    [61, 'The clock of this machine is 61 s ahead of PostgreSQL'],
    [-3_600, 'The clock of this machine is 3600 s behind PostgreSQL'],
  ])('that differs by %d s is refused', (seconds, sentence) => {
    expect(() => look(seconds)).toThrow(UnfitServer);
    expect(() => look(seconds)).toThrow(sentence);
  });
});
