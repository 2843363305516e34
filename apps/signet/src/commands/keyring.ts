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
import { KeyringFiles } from '../keyring-files.js';

export const keyringCreate = command({
  words: ['keyring', 'create'],
  summary:
    'Writes a new keyring, readable by its owner alone; never replaces one. --kms: wrapped by a key of a key management service, never plain on a disk.',
  usage: '--file FILE [--kms KEY]',
  options: { file: { type: 'string' }, kms: { type: 'string' } },
  run: async ({ file, kms }, { environment, out }) => {
    if (file === undefined) throw new CommandFailed('--file says where to');
    await new KeyringFiles(environment).create(file, { keyring: newKeyring(), wrappedBy: kms });
    out(`${file}: a new keyring${kms === undefined ? '' : `, wrapped by ${kms}`}`);
  },
});

export const keyringWrap = command({
  words: ['keyring', 'wrap'],
  summary:
    'Wraps a keyring by a key of Vault (vault:MOUNT/KEY), AWS KMS (aws-kms:ARN) or Google Cloud KMS (gcp-kms:projects/…); one that is wrapped already is wrapped anew.',
  usage: '--file FILE --kms KEY [--out FILE]',
  options: { file: { type: 'string' }, kms: { type: 'string' }, out: { type: 'string' } },
  run: async ({ file, kms, out: target }, { environment, out }) => {
    if (file === undefined || kms === undefined) throw new CommandFailed('--file and --kms say which, and by what');
    const files = new KeyringFiles(environment);
    const { keyring, wrappedBy } = await files.read(file);
    await (target === undefined
      ? files.replace(file, { keyring, wrappedBy: kms })
      : files.create(target, { keyring, wrappedBy: kms }));
    out(`${target ?? file}: wrapped by ${kms}`);
    if (target !== undefined && wrappedBy === undefined)
      out(`${file}: plain still, and to be deleted once nobody needs it`);
  },
});

export const keyringComplete = command({
  words: ['keyring', 'complete'],
  summary: 'Adds a key to a keyring for each purpose that it has none of; keys that are there stay as they are.',
  usage: '--file FILE',
  options: { file: { type: 'string' } },
  run: async ({ file }, { environment, out }) => {
    if (file === undefined) throw new CommandFailed('--file says which');
    const files = new KeyringFiles(environment);
    const { keyring: given, wrappedBy } = await files.read(file);
    const complete = completeKeyring(given);
    const added = complete.keys.slice(given.keys.length).map(({ purpose }) => purpose);
    if (added.length > 0) await files.replace(file, { keyring: complete, wrappedBy });
    out(added.length > 0 ? `${file}: added ${added.join(', ')}` : `${file}: complete already`);
  },
});

export const keyringAdd = command({
  words: ['keyring', 'add'],
  summary:
    'Adds the next key of a purpose, which is used after a while: until then every process must have been started anew with it.',
  usage: `--file FILE --purpose ${purposes.join('|')} [--in 90s|30m|1h|2d]`,
  options: { file: { type: 'string' }, purpose: { type: 'string' }, in: { type: 'string', default: '1h' } },
  run: async ({ file, purpose, in: wait }, { environment, out }) => {
    if (file === undefined) throw new CommandFailed('--file says which');
    const usedFrom = new Date(Date.now() + millisecondsOf(wait));
    const wanted = purposeOf(purpose);
    const files = new KeyringFiles(environment);
    const { keyring: given, wrappedBy } = await files.read(file);
    const extended = keyringFileSchema.safeParse(extendKeyring(given, wanted, usedFrom));
    if (!extended.success)
      throw new CommandFailed(
        `${extended.error.issues[0]?.message ?? ''}: the older one goes first, by "signet keyring remove"`,
      );
    await files.replace(file, { keyring: extended.data, wrappedBy });
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
  run: async ({ file, purpose, id }, { environment, out }) => {
    if (file === undefined || id === undefined) throw new CommandFailed('--file and --id say which');
    const wanted = purposeOf(purpose);
    const files = new KeyringFiles(environment);
    const { keyring: given, wrappedBy } = await files.read(file);
    const isIt = (key: KeyringFile['keys'][number]) => key.purpose === wanted && key.id === id;
    if (!given.keys.some(isIt)) throw new CommandFailed(`${file} has no key ${id} of the purpose ${wanted}`);
    if (loadKeyring(given).current(wanted).id === id)
      throw new CommandFailed(`${id} is in use: what would be made after it goes could not be`);
    const kept = { keys: given.keys.filter((key) => !isIt(key)) };
    await files.replace(file, { keyring: kept, wrappedBy });
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
