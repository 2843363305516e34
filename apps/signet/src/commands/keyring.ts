import { readFile, rename, writeFile } from 'node:fs/promises';
import {
  completeKeyring,
  extendKeyring,
  keyringFileSchema,
  loadKeyring,
  newKeyring,
  purposes,
  type KeyringFile,
  type Purpose,
} from '@signet/keys';
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
    if (added.length > 0) await replaceKeyringFile(file, complete);
    out(added.length > 0 ? `${file}: added ${added.join(', ')}` : `${file}: complete already`);
  },
});

export const keyringAdd = command({
  words: ['keyring', 'add'],
  summary:
    'Adds the next key of a purpose, which is used after a while: until then every process must have been started anew with it.',
  usage: `--file FILE --purpose ${purposes.join('|')} [--in 90s|30m|1h|2d]`,
  options: { file: { type: 'string' }, purpose: { type: 'string' }, in: { type: 'string', default: '1h' } },
  run: async ({ file, purpose, in: wait }, { out }) => {
    if (file === undefined) throw new CommandFailed('--file says which');
    const usedFrom = new Date(Date.now() + millisecondsOf(wait));
    const wanted = purposeOf(purpose);
    const extended = keyringFileSchema.safeParse(extendKeyring(await readKeyringFile(file), wanted, usedFrom));
    if (!extended.success)
      throw new CommandFailed(
        `${extended.error.issues[0]?.message ?? ''}: the older one goes first, by "signet keyring remove"`,
      );
    await replaceKeyringFile(file, extended.data);
    out(
      `${file}: added ${extended.data.keys.at(-1)?.id ?? ''} of the purpose ${wanted}, used from ${usedFrom.toISOString()}`,
    );
  },
});

export const keyringRemove = command({
  words: ['keyring', 'remove'],
  summary: 'Takes an older key out of a keyring: once "signet keyring status" finds nothing under it.',
  usage: '--file FILE --purpose PURPOSE --id ID',
  options: { file: { type: 'string' }, purpose: { type: 'string' }, id: { type: 'string' } },
  run: async ({ file, purpose, id }, { out }) => {
    if (file === undefined || id === undefined) throw new CommandFailed('--file and --id say which');
    const wanted = purposeOf(purpose);
    const given = await readKeyringFile(file);
    const isIt = (key: KeyringFile['keys'][number]) => key.purpose === wanted && key.id === id;
    if (!given.keys.some(isIt)) throw new CommandFailed(`${file} has no key ${id} of the purpose ${wanted}`);
    if (loadKeyring(given).current(wanted).id === id)
      throw new CommandFailed(`${id} is in use: what would be made after it goes could not be`);
    await replaceKeyringFile(file, { keys: given.keys.filter((key) => !isIt(key)) });
    out(`${file}: removed ${id} of the purpose ${wanted}`);
  },
});

function purposeOf(text: string | undefined): Purpose {
  const purpose = purposes.find((known) => known === text);
  if (purpose === undefined) throw new CommandFailed(`--purpose is one of ${purposes.join(', ')}`);
  return purpose;
}

const units = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

function millisecondsOf(text: string): number {
  const [, count, unit] = /^(\d{1,4})([smhd])$/.exec(text) ?? [];
  if (count === undefined) throw new CommandFailed('--in is a number with s, m, h or d after it');
  return Number(count) * units[unit as keyof typeof units];
}

/** Whole beside it first: a crash leaves the old keyring or the new one. */
async function replaceKeyringFile(file: string, keyring: KeyringFile): Promise<void> {
  const beside = `${file}.new`;
  await writeFile(beside, `${JSON.stringify(keyring, undefined, 2)}\n`, { mode: 0o600, flag: 'w' });
  await rename(beside, file);
}

async function readKeyringFile(file: string): Promise<KeyringFile> {
  try {
    return keyringFileSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    // A syntax error quotes what it stumbled over, which may be a key.
    const reason = error instanceof SyntaxError ? 'not JSON' : error instanceof Error ? error.message : String(error);
    throw new CommandFailed(`${file} cannot be read: ${reason}`);
  }
}
