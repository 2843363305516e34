import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { formatNoteKey } from '@signet/tlog';
import { filesOf, key, log } from '../../test/log-files.js';
import { DirectorySource } from '../audit-log/log-source.js';
import { CommandFailed } from '../command.js';
import { auditVerify } from './audit.js';

it('signet audit verify gives its verdict first where it cannot keep what it saw, and says so without a stack', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'signet-audit-'));
  try {
    const [at, state] = [join(directory, 'log'), join(directory, 'state')];
    for (const [path, bytes] of filesOf(log(3))) await new DirectorySource(at).write(path, bytes);
    // Where it would be written first, as nobody's file can be.
    await mkdir(`${state}.new`);
    const said: string[] = [];
    const verifying = auditVerify.run([at, '--key', formatNoteKey(key), '--state', state], {
      environment: {},
      out: (line) => said.push(line),
    });
    await expect(verifying).rejects.toBeInstanceOf(CommandFailed);
    await expect(verifying).rejects.toThrow(/could not be kept.*EISDIR/);
    expect(said).toEqual([`${key.name}: all 3 entries fit; nothing was seen of it before`]);
  } finally {
    await rm(directory, { recursive: true });
  }
});
