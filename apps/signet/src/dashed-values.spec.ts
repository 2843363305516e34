import { expect, it } from '@jest/globals';
import { withDashedValues } from './dashed-values.js';

it.each([
  [
    ['--id', '-x', '--json'],
    ['--id=-x', '--json'],
  ],
  [
    ['-kid', '--tenant', 'acme'],
    ['--tenant', 'acme', '--', '-kid'],
  ],
  [
    ['--json', '-kid'],
    ['--json', '--', '-kid'],
  ],
  [
    ['a', '--', '--id', '-x'],
    ['a', '--', '--id', '-x'],
  ],
  [
    ['--id=-x', 'a'],
    ['--id=-x', 'a'],
  ],
])('%j is read as %j', (given, read) => {
  expect(withDashedValues(given, ['id', 'tenant'])).toEqual(read);
});
