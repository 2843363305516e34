import { describe, expect, it } from '@jest/globals';

import { told } from './launcher.mjs';

describe('what is told of a log', () => {
  it.each([
    [
      'plain text',
      'The configuration does not hold:\n  PORT is wrong',
      'The configuration does not hold:\n  PORT is wrong',
    ],
    ['no ordinary event', '{"level":"info","event":"started"}', ''],
    ['an error', '{"level":"error","event":"failed","error":{"message":"no way","stack":"…"}}', 'failed: no way'],
    [
      'the details of an error',
      '{"level":"error","event":"failed","error":{"message":"2 faults","details":["a"]}}',
      'failed: 2 faults\n[\n  "a"\n]',
    ],
    ['a line cut short', '{"level":"err', '{"level":"err'],
  ])('%s', (_, log, expected) => expect(told(log)).toBe(expected));
});
