import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  droppedPiece,
  emptied,
  fileOf,
  filesOf,
  growing,
  key,
  log,
  sourceOf,
  type Files,
} from '../../test/log-files.js';
import { LogFault } from './log-fault.js';
import { DirectorySource, SourceFailed } from './log-source.js';
import { mirrorLog } from './mirror-log.js';
import { verifyLog } from './verify-log.js';

const size = 700;
const sound = filesOf(log(size));

describe('a mirror', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'signet-mirror-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('is the log, and grows by what is new', async () => {
    const target = new DirectorySource(directory);
    const cosigned = Buffer.from('as witnesses have it');
    const first = await mirrorLog(sourceOf(new Map(sound).set('checkpoint.witnessed', cosigned)), target);
    expect(first).toEqual({ size, fetched: sound.size - 1 });
    expect(await target.read('checkpoint.witnessed')).toEqual(cosigned);
    expect((await verifyLog(target, key, undefined)).checkpoint.size).toBe(size);
    const grown = filesOf(log(1_100));
    const second = await mirrorLog(sourceOf(grown), target);
    // Two full tiles and their bundles were there.
    expect(second).toEqual({ size: 1_100, fetched: grown.size - 1 - 4 });
    const seen = Buffer.from(fileOf(sound, 'checkpoint')).toString();
    expect((await verifyLog(target, key, seen)).checkpoint.size).toBe(1_100);
  });

  const forked = (size: number) => filesOf(log(size, new Map([[100, { data: { forged: true } }]])));
  it.each<[string, () => Files]>([
    ['that has gone back', () => filesOf(log(600))],
    ['of the same size that is another one', () => forked(700)],
    ['that grew from another one', () => forked(1_100)],
    ['that lacks what would prove that it grew', () => new Map(forked(1_100).set('tile/0/002', new Uint8Array()))],
  ])('takes nothing of a log %s', async (name, other) => {
    const target = new DirectorySource(join(directory, name));
    await mirrorLog(sourceOf(sound), target);
    await expect(mirrorLog(sourceOf(other()), target)).rejects.toBeInstanceOf(LogFault);
    expect((await verifyLog(target, key, undefined)).checkpoint.size).toBe(size);
    expect(await target.read('tile/0/003')).toBeUndefined();
    expect(await target.read('checkpoint')).toEqual(fileOf(sound, 'checkpoint'));
  });

  it('is begun of a log without an entry, and grows from it', async () => {
    const target = new DirectorySource(join(directory, 'empty'));
    expect(await mirrorLog(sourceOf(filesOf([])), target)).toEqual({ size: 0, fetched: 0 });
    expect((await verifyLog(target, key, undefined)).checkpoint.size).toBe(0);
    expect(await mirrorLog(sourceOf(sound), target)).toEqual({ size, fetched: sound.size - 1 });
    expect((await verifyLog(target, key, undefined)).checkpoint.size).toBe(size);
    await expect(mirrorLog(sourceOf(filesOf([])), target)).rejects.toBeInstanceOf(LogFault);
  });

  describe('of a log whose retention runs meanwhile', () => {
    const told = log(900, new Map([[800, droppedPiece(10, 30, 2)]]));
    const before = emptied(filesOf(told.slice(0, size)), 10, 29);
    const after = emptied(filesOf(told), 10, 29);

    it('goes on to the checkpoint that has the event of what was dropped', async () => {
      const target = new DirectorySource(join(directory, 'retention'));
      const still = emptied(filesOf(told.slice(0, 750)), 10, 29);
      expect((await mirrorLog(growing(before, still, after), target)).size).toBe(900);
      expect(await verifyLog(target, key, undefined)).toMatchObject({ checkpoint: { size: 900 }, gone: 2 });
    });

    it('finds that event in what a mirror that broke off has fetched', async () => {
      const target = new DirectorySource(join(directory, 'broken-off'));
      const whole = emptied(filesOf(log(900, new Map([[601, droppedPiece(10, 30, 2)]]))), 10, 29);
      await target.write('tile/entries/002', fileOf(whole, 'tile/entries/002'));
      expect((await mirrorLog(growing(whole), target)).size).toBe(900);
    });

    it('is no copy yet where the log does not grow, and is one where it grows without the event', async () => {
      const target = new DirectorySource(join(directory, 'no event'));
      await expect(mirrorLog(growing(before, before), target)).rejects.toBeInstanceOf(SourceFailed);
      expect(await target.read('checkpoint')).toBeUndefined();
      const silent = emptied(filesOf(log(900)), 10, 29);
      expect((await mirrorLog(growing(before, silent), target)).size).toBe(900);
      await expect(verifyLog(target, key, undefined)).rejects.toBeInstanceOf(LogFault);
    });
  });
});
