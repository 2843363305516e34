import { readFile, rename, writeFile } from 'node:fs/promises';
import { completeKeyring, keyringFileSchema, newKeyring, type KeyringFile } from '@signet/keys';
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

export const keyringComplete = command({
  words: ['keyring', 'complete'],
  summary: 'Adds a key to a keyring for each purpose that it has none of; keys that are there stay as they are.',
  usage: '--file FILE',
  options: { file: { type: 'string' } },
  run: async ({ file }, { out }) => {
    if (file === undefined) throw new CommandFailed('--file says which');
    const given = await readKeyringFile(file);
    const complete = completeKeyring(given);
    const added = complete.keys.slice(given.keys.length).map(({ purpose }) => purpose);
    if (added.length > 0) {
      // Whole beside it first: a crash leaves the old keyring or the new one.
      const beside = `${file}.new`;
      await writeFile(beside, `${JSON.stringify(complete, undefined, 2)}\n`, { mode: 0o600, flag: 'w' });
      await rename(beside, file);
    }
    out(added.length > 0 ? `${file}: added ${added.join(', ')}` : `${file}: complete already`);
  },
});

async function readKeyringFile(file: string): Promise<KeyringFile> {
  try {
    return keyringFileSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    // A syntax error quotes what it stumbled over, which may be a key.
    const reason = error instanceof SyntaxError ? 'not JSON' : error instanceof Error ? error.message : String(error);
    throw new CommandFailed(`${file} cannot be read: ${reason}`);
  }
}
