import { describe, expect, it } from '@jest/globals';

import { count } from './test-count.mjs';

const none = {
  numPassedTests: 0,
  numFailedTests: 0,
  numRuntimeErrorTestSuites: 0,
  numPendingTests: 0,
  numTodoTests: 0,
};

describe('count', () => {
  it.each([
    ['passed tests', { numPassedTests: 3 }, { passed: 3, failed: 0 }],
    ['failed tests', { numPassedTests: 1, numFailedTests: 2 }, { passed: 1, failed: 2 }],
    ['a suite that could not run', { numPassedTests: 1, numRuntimeErrorTestSuites: 1 }, { passed: 1, failed: 1 }],
    ['skipped tests and intentions', { numPendingTests: 1, numTodoTests: 1 }, { passed: 0, failed: 2 }],
  ])('counts %s', (_, results, expected) => expect(count({ ...none, ...results })).toEqual(expected));
});
