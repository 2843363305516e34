import { statSync } from 'node:fs';
import { purposes, type Keyring } from '@signet/keys';
import type { KeyringSource } from '@signet/service';
import { keyringSource } from '../../keyring-files.js';
import { fault, ok, warning, type Check, type Verdict } from '../verdict.js';

/** `mode`: of a file; undefined for a directory, as a mounted Secret is one. */
export function judgeKeyring(source: KeyringSource, keyring: Pick<Keyring, 'all'>, mode: number | undefined): Verdict {
  const missing = purposes.filter((purpose) => keyring.all(purpose).length === 0);
  if (missing.length > 0)
    return fault(
      `it has no key of the purpose ${missing.join(', ')}`,
      'Run `signet keyring complete`, and give every process the result',
    );
  if ('json' in source)
    return warning(
      'it is in the environment',
      'Keep it in a file, SIGNET_KEYRING: whoever may see the environment has it',
    );
  if (mode !== undefined && (mode & 0o077) !== 0)
    return warning(`others may read it (mode ${(mode & 0o777).toString(8)})`, `chmod 600 ${source.path}`);
  return ok('a key of each purpose');
}

export const keyringFile: Check = {
  name: 'keyring.file',
  about: 'the keyring can be read, has a key of each purpose, and is a file that others may not read',
  run: async (examined) => {
    const look = await examined.keyring;
    if (!('facts' in look)) return [{ subject: '', ...unreadable(look.reason) }];
    const source = keyringSource(examined);
    if ('json' in source) return [{ subject: 'SIGNET_KEYRING_JSON', ...judgeKeyring(source, look.facts, undefined) }];
    const stat = statSync(source.path);
    return [{ subject: source.path, ...judgeKeyring(source, look.facts, stat.isFile() ? stat.mode : undefined) }];
  },
};

/** A reason has names and paths, never a key. */
const unreadable = (reason: string): Verdict =>
  fault(
    reason.replaceAll(/\s+/g, ' '),
    'Name the keyring of this installation by SIGNET_KEYRING; `signet keyring create` makes one for a new installation alone',
  );
