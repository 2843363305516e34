import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { cosignNote, formatNoteKey, noteKey, parseNote } from '@signet/tlog';
import { fileOf, filesOf, key, log, privateKey, sourceOf, type Files } from '../../test/log-files.js';
import { auditMirror, auditVerify } from '../commands/audit.js';
import { LogFault } from './log-fault.js';
import { DirectorySource } from './log-source.js';
import { verifyLog } from './verify-log.js';

const size = 700;
const sound = filesOf(log(size));

describe('witnesses', () => {
  const [one, two] = ['one', 'two'].map((name) => ({ name: `${name}.example`, secret: privateKey(name) })) as [
    { name: string; secret: ReturnType<typeof privateKey> },
    { name: string; secret: ReturnType<typeof privateKey> },
  ];
  const keyOf = ({ name, secret }: typeof one) => noteKey(name, 'cosignature', secret);
  /** A log of 700, of which so many were cosigned. */
  function cosigned(entries: readonly Uint8Array[], ...by: readonly (typeof one)[]): Files {
    const note = Buffer.from(fileOf(filesOf(entries), 'checkpoint')).toString();
    const lines = by.map(({ name, secret }) => cosignNote(parseNote(note)?.text ?? '', name, secret, 1_767_225_600));
    return new Map(sound).set('checkpoint.witnessed', Buffer.from(note + lines.join('')));
  }
  const verifyBy = (files: Files, ...by: readonly (typeof one)[]) =>
    verifyLog(sourceOf(files), key, undefined, by.map(keyOf));

  it.each([1, 300, 700])('who cosigned %i entries vouch for them', async (entries) => {
    const { checkpoint, witnessed } = await verifyBy(cosigned(log(entries), one, two), one, two);
    expect([checkpoint.size, witnessed]).toEqual([size, entries]);
  });

  it('may have cosigned the checkpoint itself', async () => {
    const files = cosigned(log(size), one);
    files.set('checkpoint', fileOf(files, 'checkpoint.witnessed'));
    files.delete('checkpoint.witnessed');
    expect((await verifyBy(files, one)).witnessed).toBe(size);
  });

  const impostor = { name: one.name, secret: privateKey('other') };
  it.each<[string, () => Files, RegExp]>([
    ['that nobody cosigned', () => sound, /not cosigned by one\.example, two\.example/],
    ['that one did not cosign', () => cosigned(log(300), one), /size 300 is not cosigned by two\.example/],
    ['of a key that is not the one of that name', () => cosigned(log(300), impostor, two), /not cosigned by one/],
    [
      'with a wrong signature',
      () => {
        const files = cosigned(log(300), one, two);
        const line = cosignNote('another text\n', one.name, one.secret, 1_767_225_600);
        const note = Buffer.from(fileOf(files, 'checkpoint.witnessed')).toString();
        return files.set('checkpoint.witnessed', Buffer.from(note.replace(/^— one\.example .*\n/m, line)));
      },
      /signatures/,
    ],
    ['of which they have seen more', () => cosigned(log(900), one, two), /gone back/],
    [
      'of which they have seen another one',
      () => cosigned(log(300, new Map([[100, { data: { forged: true } }]])), one, two),
      /another one than witnesses/,
    ],
    ['that is none', () => new Map(sound).set('checkpoint.witnessed', Buffer.from('x')), /none of this log/],
  ])('do not vouch for a log %s', async (_, files, message) => {
    const verified = verifyBy(files(), one, two);
    await expect(verified).rejects.toBeInstanceOf(LogFault);
    await expect(verified).rejects.toThrow(message);
  });

  it('are named to the command, whose exit code tells; what was seen stays where the log has gone back', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'signet-verify-'));
    try {
      const [at, state] = [join(directory, 'log'), join(directory, 'state')];
      const files = cosigned(log(300), one);
      const copy = new DirectorySource(at);
      for (const [path, bytes] of files) await copy.write(path, bytes);
      const said: string[] = [];
      const run = (command: typeof auditVerify, ...parameters: string[]) =>
        command.run(parameters, { environment: {}, out: (line) => said.push(line) });
      const verifying = [at, '--key', formatNoteKey(key), '--state', state, '--witness', formatNoteKey(keyOf(one))];
      expect(await run(auditVerify, ...verifying)).toBe(0);
      expect(said.at(-1)).toBe('the first 300 are as one.example cosigned them');
      expect(await run(auditVerify, ...verifying, '--witness', formatNoteKey(keyOf(two)))).toBe(3);
      await expect(run(auditVerify, ...verifying, '--witness', formatNoteKey(key))).rejects.toThrow(
        'no key of a witness',
      );
      const target = new DirectorySource(directory);
      const seen = fileOf(filesOf(log(900)), 'checkpoint');
      await target.write('state', seen);
      expect(await run(auditVerify, ...verifying)).toBe(3);
      expect(said.at(-1)).toMatch('the log has gone back: it had 900 entries, and has 700');
      expect(await target.read('state')).toEqual(seen);
      for (const [path, bytes] of filesOf(log(900))) await target.write(`larger/${path}`, bytes);
      expect(await run(auditMirror, at, '--to', join(directory, 'larger'))).toBe(3);
      expect(await target.read('larger/checkpoint')).toEqual(seen);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
