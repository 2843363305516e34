import { describe, expect, it } from '@jest/globals';

import { MeshError } from '@signet/messaging';
import { ServiceLogger } from '@signet/service';

import { told } from './launcher.mjs';

/** The line that Signet logs of an error. */
function logged(error) {
  let line = '';
  ServiceLogger.root('info', { write: (text) => (line = text.trimEnd()) }).error('failed', { error });
  return line;
}

describe('what is told of a log', () => {
  it.each([
    [
      'plain text',
      'The configuration does not hold:\n  PORT is wrong',
      'The configuration does not hold:\n  PORT is wrong',
    ],
    ['no ordinary event', '{"level":"info","event":"started"}', ''],
    [
      'an error, and the sentence that the process ends with',
      `${logged(new Error('no way'))}\nno way`,
      'failed: no way',
    ],
    ['an error', logged(new Error('no way')), 'failed: no way'],
    [
      'the details of an error',
      logged(new MeshError('invalid_argument', '2 faults', ['a'])),
      'failed: 2 faults\n[\n  "a"\n]',
    ],
    ['a line cut short', '{"level":"err', '{"level":"err'],
  ])('%s', (_, log, expected) => expect(told(log)).toBe(expected));
});
