import { describe, expect, it } from '@jest/globals';
import { subjectPattern } from './subject-pattern.js';

describe('subjectPattern', () => {
  it.each([
    ['signet.events.v1.*.token.revocation.raised', 'signet.events.v1.t1.token.revocation.raised', true],
    ['signet.events.v1.*.token.revocation.raised', 'signet.events.v1.t1.x.token.revocation.raised', false],
    ['signet.events.v1.>', 'signet.events.v1.t1.token.code.issued', true],
    ['signet.events.v1.>', 'signet.events.v1', false],
    ['>', 'a', true],
    ['a.b', 'axb', false],
    ['a.b', 'a.b.c', false],
  ])('%s against %s', (filter, subject, matches) => {
    expect(new RegExp(subjectPattern(filter) ?? 'no filter').test(subject)).toBe(matches);
  });

  it.each(['', 'a..b', '.a', 'a.>.b', 'a.(b|c)', 'a.b*', 'a.\\y', 'a b', 'a.\u0000'])('%j is none', (filter) => {
    expect(subjectPattern(filter)).toBeUndefined();
  });
});
