import { writeFile } from 'node:fs/promises';
import { newKeyring } from '@signet/keys';
import { command, CommandFailed } from '../command.js';

export const keyringCreate = command({
  words: ['keyring', 'create'],
  summary: 'Writes a new keyring, readable by its owner alone; never replaces one.',
  usage: '--file FILE',
  options: { file: { type: 'string' } },
  run: async ({ file }, { out }) => {
    if (file === undefined) throw new CommandFailed('--file says where to');
    try {
      await writeFile(file, `${JSON.stringify(newKeyring(), undefined, 2)}\n`, { mode: 0o600, flag: 'wx' });
    } catch (error) {
      throw new CommandFailed(`${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
    }
    out(`${file}: a new keyring`);
  },
});
