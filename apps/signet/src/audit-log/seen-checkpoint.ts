import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { formatNoteKey, type NoteKey } from '@signet/tlog';
import type { CommandContext } from '../command.js';
import { DirectorySource } from './log-source.js';

/** Where the last checkpoint of a log that fitted is kept, by its key: in the user's state directory (XDG Base Directory Specification). */
export function seenCheckpoint(
  { environment }: Pick<CommandContext, 'environment'>,
  key: NoteKey,
  file: string | undefined,
): { readonly read: () => Promise<string | undefined>; readonly keep: (note: string) => Promise<void> } {
  // XDG Base Directory Specification: empty is as not set.
  const home = environment['XDG_STATE_HOME'] || join(environment['HOME'] ?? '.', '.local/state');
  const name = createHash('sha256').update(formatNoteKey(key)).digest('hex').slice(0, 32);
  const path = file ?? join(home, 'signet/audit', `${name}.checkpoint`);
  const files = new DirectorySource('');
  return {
    read: async () => {
      const bytes = await files.read(path);
      return bytes && new TextDecoder().decode(bytes);
    },
    keep: (note) => files.write(path, new TextEncoder().encode(note)),
  };
}
