import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  encodeBundle,
  formatProof,
  hashesOf,
  inclusionPath,
  noteKey,
  parseBundle,
  tilePath,
  tilesFor,
  TILE_WIDTH,
} from '@signet/tlog';
import {
  droppedPiece,
  entryOf,
  emptied,
  fileOf,
  filesOf,
  growing,
  idOf,
  key,
  log,
  origin,
  privateKey,
  sourceOf,
  type Event,
  type Files,
} from '../../test/log-files.js';
import { LogFault } from './log-fault.js';
import { SourceFailed } from './log-source.js';
import { verifyLog, verifyProof } from './verify-log.js';

const verify = (files: Files, seen?: Uint8Array | string) =>
  verifyLog(sourceOf(files), key, seen === undefined ? undefined : Buffer.from(seen).toString());
const faultOf = (files: Files, seen?: Uint8Array) =>
  verify(files, seen).then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof LogFault) return error;
      throw error;
    },
  );

const size = 700;
let sound: Files;
beforeAll(() => {
  sound = filesOf(log(size));
});

describe('a sound log', () => {
  it.each([1, 3, 255, 256, 257, 512, 700])('of %i fits', async (entries) => {
    expect((await verify(filesOf(log(entries)))).checkpoint.size).toBe(entries);
  });

  it('without an entry fits', async () => {
    expect((await verify(filesOf([]))).checkpoint.size).toBe(0);
  });

  it('fits where what was seen of it is its beginning, or all of it', async () => {
    expect((await verify(sound, fileOf(filesOf(log(300)), 'checkpoint'))).checkpoint.size).toBe(size);
    expect((await verify(sound, fileOf(sound, 'checkpoint'))).checkpoint.size).toBe(size);
    expect((await verify(sound, fileOf(filesOf([]), 'checkpoint'))).checkpoint.size).toBe(size);
  });

  it('fits with the full tiles that its partial ones have become', async () => {
    const grown = filesOf(log(1_100));
    const files = new Map(grown).set('checkpoint', fileOf(sound, 'checkpoint'));
    for (const path of sound.keys()) if (/^tile\/[1-9].*\.p/.test(path)) files.set(path, fileOf(sound, path));
    expect((await verify(files)).checkpoint.size).toBe(size);
  });
});

describe('any one byte that is changed', () => {
  /** Mulberry32: the same places in every run. */
  let state = 6962;
  const random = (below: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
  const places = ['first', 'last', ...Array.from({ length: 6 }, (_, nth) => `random ${nth}`)];
  const paths = ['checkpoint', 'tile/0/000', 'tile/0/001', 'tile/0/002.p/188', 'tile/1/000.p/2'];
  const bundles = ['tile/entries/000', 'tile/entries/001', 'tile/entries/002.p/188'];

  it.each([...paths, ...bundles].flatMap((path) => places.map((place) => [path, place] as const)))(
    'in %s (%s) is found',
    async (path, place) => {
      const bytes = Buffer.from(fileOf(sound, path));
      const at = place === 'first' ? 0 : place === 'last' ? bytes.length - 1 : random(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 + random(255));
      expect(await faultOf(new Map(sound).set(path, bytes))).toBeInstanceOf(LogFault);
    },
  );

  it('in a full tile above the leaves is found', async () => {
    const files = filesOf(log(TILE_WIDTH ** 2 + 1));
    const hashes = Buffer.from(fileOf(files, 'tile/1/000'));
    hashes[32 * 7] = (hashes[32 * 7] ?? 0) ^ 1;
    expect((await faultOf(files.set('tile/1/000', hashes)))?.entry).toEqual({ index: 7 * TILE_WIDTH });
  });

  it('is named by the entry that it is in', async () => {
    for (const index of [0, 17, 255, 256, 511, 699]) {
      const forged = entryOf(index, { data: { forged: true } });
      const path = [...sound.keys()].find((name) =>
        name.startsWith(`tile/entries/00${Math.floor(index / TILE_WIDTH)}`),
      );
      const entries = parseBundle(fileOf(sound, path ?? '')) ?? [];
      const files = new Map(sound).set(path ?? '', encodeBundle(entries.with(index % TILE_WIDTH, forged)));
      const fault = await faultOf(files);
      expect(fault?.entry).toEqual({ index, id: idOf(index) });
      expect(fault?.describe()).toMatch(`entry ${index} (event ${idOf(index)})`);
    }
  });
});

describe('a log that was rewritten', () => {
  const rewritten = () => filesOf(log(size, new Map([[100, { data: { forged: true } }]])));

  it('with all its tiles, under the old checkpoint, is found', async () => {
    const files = rewritten().set('checkpoint', fileOf(sound, 'checkpoint'));
    expect((await faultOf(files))?.message).toMatch('another root');
  });

  it('and signed again, fits for who has seen nothing of it, and for nobody else', async () => {
    expect(await faultOf(rewritten())).toBeUndefined();
    expect((await faultOf(rewritten(), fileOf(sound, 'checkpoint')))?.message).toMatch('another one');
    expect((await faultOf(rewritten(), fileOf(filesOf(log(101)), 'checkpoint')))?.message).toMatch('another one');
    // What was seen lies before the fork.
    expect(await faultOf(rewritten(), fileOf(filesOf(log(100)), 'checkpoint'))).toBeUndefined();
  });

  it('by a backup that was restored, is found by who saw a later checkpoint', async () => {
    const restored = filesOf(log(600));
    expect((await faultOf(restored, fileOf(sound, 'checkpoint')))?.message).toMatch('gone back');
    const again = filesOf([
      ...log(600),
      ...log(750)
        .slice(600)
        .map(() => entryOf(1)),
    ]);
    expect(await faultOf(again, fileOf(sound, 'checkpoint'))).toBeInstanceOf(LogFault);
  });

  it('by another key is found', async () => {
    expect((await faultOf(filesOf(log(size), privateKey('other'))))?.message).toMatch('not signed by this key');
    const stranger = fileOf(filesOf(log(size), privateKey('other')), 'checkpoint');
    expect((await faultOf(sound, stranger))?.message).toMatch('seen before');
  });
});

describe('files that are not whole', () => {
  it('without a checkpoint, or beside a state that is none, say nothing of the log', async () => {
    await expect(verify(new Map())).rejects.toBeInstanceOf(SourceFailed);
    await expect(verify(sound, 'garbage')).rejects.toBeInstanceOf(SourceFailed);
  });

  it.each(['tile/0/001', 'tile/1/000.p/2', 'tile/entries/001', 'tile/entries/002.p/188'])(
    'without %s do not fit',
    async (path) => {
      const files = new Map(sound);
      files.delete(path);
      expect(await faultOf(files)).toBeInstanceOf(LogFault);
    },
  );

  it.each(['tile/0/001', 'tile/1/000.p/2', 'tile/entries/001', 'tile/entries/002.p/188'])(
    'with %s cut short, or longer, do not fit',
    async (path) => {
      const bytes = Buffer.from(fileOf(sound, path));
      const entry = encodeBundle([entryOf(0)]);
      for (const wrong of [
        bytes.subarray(0, -1),
        bytes.subarray(0, 40),
        Buffer.concat([bytes, entry]),
        Buffer.alloc(0),
      ])
        expect(await faultOf(new Map(sound).set(path, wrong))).toBeInstanceOf(LogFault);
    },
  );
});

describe('what entries say of each other', () => {
  it.each<[string, number, Event, RegExp]>([
    ['a version twice', 300, { version: 100 }, /version 100 .* after 100/],
    ['a version left out', 300, { version: 102 }, /missing/],
    ['a version from before', 300, { version: 1 }, /after 100/],
    ['an aggregate that begins late', 301, { aggregate: 'client:b', version: 2 }, /missing/],
    ['an aggregate of one with a second version', 301, { version: 2 }, /of one/],
    [
      'a drop of more than its range',
      301,
      { source: '/signet/audit', type: 'signet.audit.entries.dropped.v1', data: { first: 5, last: 6, count: 3 } },
      /cannot speak of/,
    ],
    ['an entry of another tenant', 301, { tenant: 'u' }, /another tenant/],
    [
      'a drop of what comes later',
      301,
      { source: '/signet/audit', type: 'signet.audit.entries.dropped.v1', data: { first: 0, last: 301, count: 1 } },
      /cannot speak of/,
    ],
    [
      'a drop of nothing',
      301,
      { source: '/signet/audit', type: 'signet.audit.entries.dropped.v1', data: { first: 5, last: 4, count: 1 } },
      /cannot speak of/,
    ],
  ])('%s', async (_, index, event, message) => {
    const fault = await faultOf(filesOf(log(size, new Map([[index, event]]))));
    expect(fault?.entry).toEqual({ index, id: idOf(index) });
    expect(fault?.message).toMatch(message);
  });

  it('an event of its own aggregate twice', async () => {
    const fault = await faultOf(filesOf(log(size).with(302, entryOf(301))));
    expect(fault?.entry).toEqual({ index: 302, id: idOf(301) });
    expect(fault?.message).toMatch('twice');
  });

  it('an entry that is no event', async () => {
    const fault = await faultOf(filesOf(log(size).with(301, Buffer.from('{"id":1}'))));
    expect(fault?.entry).toEqual({ index: 301 });
  });
});

describe('entries that retention has dropped', () => {
  const with600 = (event: Event) => filesOf(log(size, new Map([[601, event]])));

  it('are missed by nobody where an event says so', async () => {
    const files = emptied(with600(droppedPiece(10, 30, 3)), 10, 13, 29);
    expect((await verify(files)).gone).toBe(3);
    // An aggregate's versions among them are gone with them.
    expect(await faultOf(emptied(with600(droppedPiece(3, 9, 3)), 3, 6, 9))).toBeUndefined();
  });

  it('are found where no event says so', async () => {
    expect((await faultOf(emptied(sound, 10)))?.entry).toEqual({ index: 10 });
    const beside = await faultOf(emptied(with600(droppedPiece(10, 30, 3)), 31));
    expect(beside?.entry).toEqual({ index: 31 });
    expect(beside?.message).toMatch('no event says');
  });

  it('are found where it is another service that says so', async () => {
    const forged = { ...droppedPiece(10, 30, 3), source: '/signet/authn' };
    expect((await faultOf(emptied(with600(forged), 10, 13, 29)))?.message).toMatch('no event says');
  });

  it('are found where more are gone than the event says', async () => {
    const fault = await faultOf(emptied(with600(droppedPiece(10, 30, 2)), 10, 14, 29));
    expect(fault?.entry).toEqual({ index: 29 });
  });

  it('do not hide a hash that was changed', async () => {
    const files = emptied(with600(droppedPiece(10, 30, 1)), 10);
    const hashes = Buffer.from(fileOf(files, 'tile/0/000'));
    hashes[10 * 32] = (hashes[10 * 32] ?? 0) ^ 1;
    expect(await faultOf(files.set('tile/0/000', hashes))).toBeInstanceOf(LogFault);
  });
});

describe('entries that retention drops while the log is read', () => {
  const told = log(900, new Map([[800, droppedPiece(10, 30, 2)]]));
  const before = emptied(filesOf(told.slice(0, size)), 10, 29);
  const after = emptied(filesOf(told), 10, 29);
  const verifyGrowing = (...states: readonly Files[]) => verifyLog(growing(...states), key, undefined);

  it('are missed by nobody once a later checkpoint has the event', async () => {
    const still = emptied(filesOf(told.slice(0, 750)), 10, 29);
    const { checkpoint, note, gone } = await verifyGrowing(before, before, still, after);
    expect([checkpoint.size, gone]).toEqual([900, 2]);
    expect(note).toBe(Buffer.from(fileOf(after, 'checkpoint')).toString());
  });

  it('are no fault of a log that has not grown yet, and one of a log that grows without the event', async () => {
    await expect(verifyGrowing(before, before, before)).rejects.toBeInstanceOf(SourceFailed);
    const silent = emptied(filesOf(log(900)), 10, 29);
    await expect(verifyGrowing(before, silent)).rejects.toMatchObject({ entry: { index: 10 } });
  });

  it('do not hide a log that is another one by then, or has gone back', async () => {
    const forged = emptied(filesOf(log(900, new Map([[650, { data: { forged: true } }]]))), 10, 29);
    await expect(verifyGrowing(before, forged)).rejects.toBeInstanceOf(LogFault);
    await expect(verifyGrowing(before, emptied(filesOf(log(600)), 10, 29))).rejects.toThrow('gone back');
  });
});

describe('a proof of one event', () => {
  const proofOf = (index: number, extra: Uint8Array = entryOf(index)) => {
    const ranges = inclusionPath(index, size);
    expect(tilesFor(ranges, size).length).toBeGreaterThan(0);
    const hashes = hashesOf(ranges, size, (tile) => fileOf(sound, tilePath(tile)));
    return formatProof({ extra, index, hashes, checkpoint: Buffer.from(fileOf(sound, 'checkpoint')).toString() });
  };

  it('holds for its event, and for no other', () => {
    const text = proofOf(321);
    expect(verifyProof(text, key)).toEqual({ index: 321, size, event: entryOf(321) });
    expect(() => verifyProof(proofOf(321, entryOf(322)), key)).toThrow('not in the log');
    expect(() => verifyProof(text.replace('index 321', 'index 320'), key)).toThrow('not in the log');
    expect(() => verifyProof(text.replace(/^extra .*\n/m, ''), key)).toThrow('no proof');
    expect(() => verifyProof(text, noteKey(origin, 'ed25519', privateKey('other')))).toThrow('not signed');
    expect(() => verifyProof('', key)).toThrow('no proof');
  });
});
