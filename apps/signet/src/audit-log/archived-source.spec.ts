import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { encodeBundle, parseBundle, tilePath } from '@signet/tlog';
import { ArchivedSource } from './archived-source.js';
import { emptied, entryOf, filesOf, idOf, key, log, sourceOf } from '../../test/log-files.js';
import { SourceFailed, type LogSource } from './log-source.js';
import { verifyLog } from './verify-log.js';

const leafOf = (index: number) => Buffer.from(`entry ${index}`);
const bundle = { level: 'entries', index: 1, width: 20 } as const;
/** Entries 256 to 275; of these, some are gone. */
const logWithout = (...gone: readonly number[]): LogSource => ({
  read: (name) =>
    Promise.resolve(
      name === tilePath(bundle)
        ? encodeBundle(
            Array.from({ length: 20 }, (_, at) => (gone.includes(256 + at) ? Buffer.alloc(0) : leafOf(256 + at))),
          )
        : name === 'checkpoint'
          ? Buffer.from('checkpoint')
          : undefined,
    ),
});

describe('a log with its archive', () => {
  let directory: string;
  const archive = async (name: string, indices: readonly number[], leaf: (index: number) => Buffer = leafOf) => {
    const lines = indices.map((index) => `${JSON.stringify({ index, leaf: leaf(index).toString('base64') })}\n`);
    await write(name, gzipSync(lines.join('')), indices);
  };
  const write = async (name: string, content: Uint8Array, indices: readonly number[]) => {
    const hash = createHash('sha256').update(content).digest('hex').slice(0, 16);
    const padded = [Math.min(...indices), Math.max(...indices)].map((index) => String(index).padStart(12, '0'));
    await mkdir(path.join(directory, name), { recursive: true });
    await writeFile(path.join(directory, name, `${padded.join('-')}-${hash}.ndjson.gz`), content);
  };

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'signet-archive-'));
    await archive('tokens', [3, 250, 258, 270]);
    await archive('authentication', [259, 271, 300]);
    await writeFile(path.join(directory, 'README'), 'not of it');
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('has what was dropped in its place, of every class', async () => {
    const source = await ArchivedSource.of(logWithout(258, 259, 270, 271), directory);
    const whole = parseBundle((await source.read(tilePath(bundle))) ?? new Uint8Array());
    expect(whole?.map((entry) => Buffer.from(entry).toString())).toEqual(
      Array.from({ length: 20 }, (_, at) => `entry ${256 + at}`),
    );
  });

  it('lacks what the archive does not have', async () => {
    const source = await ArchivedSource.of(logWithout(258, 260), directory);
    const whole = parseBundle((await source.read(tilePath(bundle))) ?? new Uint8Array());
    expect(whole?.[2]?.length).toBeGreaterThan(0);
    expect(whole?.[4]).toHaveLength(0);
  });

  it('is the log itself but for entries', async () => {
    const source = await ArchivedSource.of(logWithout(), directory);
    expect(Buffer.from((await source.read('checkpoint')) ?? []).toString()).toBe('checkpoint');
    expect(await source.read('tile/0/000')).toBeUndefined();
    expect(await source.read(tilePath({ ...bundle, index: 2 }))).toBeUndefined();
  });

  it.each([
    ['no gzip', Buffer.from('{}')],
    ['no JSON', gzipSync('entry\n')],
    ['no entries', gzipSync('{"index":-1,"leaf":"YQ=="}\n')],
  ])('cannot be read where a file of it has %s', async (_, content) => {
    await write('broken', content, [265]);
    const source = await ArchivedSource.of(logWithout(265), directory);
    await expect(source.read(tilePath(bundle))).rejects.toThrow(SourceFailed);
    await rm(path.join(directory, 'broken'), { recursive: true });
  });

  it('is verified whole, and what it gives in place of an entry is found', async () => {
    const dropped = { type: 'signet.audit.entries.dropped.v1', data: { first: 300, last: 303, count: 2 } };
    const files = emptied(filesOf(log(400, new Map([[350, dropped]]))), 300, 303);
    await archive('whole', [300, 303], (index) => entryOf(index));
    const whole = await ArchivedSource.of(sourceOf(files), path.join(directory, 'whole'));
    expect((await verifyLog(whole, key, undefined)).gone).toBe(0);
    await archive('forged', [300, 303], (index) => entryOf(index === 303 ? 306 : index));
    const forged = await ArchivedSource.of(sourceOf(files), path.join(directory, 'forged'));
    await expect(verifyLog(forged, key, undefined)).rejects.toMatchObject({ entry: { index: 303, id: idOf(306) } });
  });

  it('is none without a file, and without the directory', async () => {
    const empty = await mkdtemp(path.join(tmpdir(), 'signet-archive-'));
    await expect(ArchivedSource.of(logWithout(), empty)).rejects.toThrow(SourceFailed);
    await rm(empty, { recursive: true });
    await expect(ArchivedSource.of(logWithout(), empty)).rejects.toThrow(SourceFailed);
  });
});
