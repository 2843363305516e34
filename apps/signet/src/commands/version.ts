import { version } from '@signet/service';
import { command } from '../command.js';

export const versionPrinted = command({
  words: ['--version'],
  summary: 'Prints the version of this program.',
  options: {},
  run: (_, { out }) => {
    out(version);
    return Promise.resolve();
  },
});
