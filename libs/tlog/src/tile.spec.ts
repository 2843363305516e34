import { describe, expect, it } from '@jest/globals';
import { ENTRY_LIMIT, encodeBundle, parseBundle } from './entry-bundle.js';
import { hasTile, parseTilePath, tileAt, tilePath, tilesOf, type Tile } from './tile.js';

describe('the path of a tile', () => {
  it.each<[string, Tile]>([
    ['tile/0/x001/x234/067', { level: 0, index: 1_234_067, width: 256 }],
    ['tile/0/000', { level: 0, index: 0, width: 256 }],
    ['tile/63/999.p/255', { level: 63, index: 999, width: 255 }],
    ['tile/1/x001/000.p/1', { level: 1, index: 1_000, width: 1 }],
    ['tile/entries/x001/x234/067.p/8', { level: 'entries', index: 1_234_067, width: 8 }],
    ['tile/entries/017', { level: 'entries', index: 17, width: 256 }],
  ])('%s', (path, tile) => {
    expect(tilePath(tile)).toBe(path);
    expect(parseTilePath(path)).toEqual(tile);
  });

  it.each([
    '',
    'tile/0',
    'tile/00/000',
    'tile/01/000',
    'tile/64/000',
    'tile/-1/000',
    'tile/0/0',
    'tile/0/0000',
    'tile/0/x000/000',
    'tile/0/x000/001',
    'tile/0/001/002',
    'tile/0/x001',
    'tile/0/x001/x002',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/01',
    'tile/0/000.p/',
    'tile/0/000.p',
    'tile/0/000/',
    '/tile/0/000',
    'tile/0/000.p/1/',
    'tile/0/000.p/-1',
    'tile/0/000.p/1e1',
    'tile/data/000',
    'tile/0/٠٠٠',
    'tile/0/000\n',
    'tile/0/x999/x999/x999/x999/x999/x999/999',
    'tile/0/x999/x999/x999/x999/x999/999',
  ])('%j is none', (path) => {
    expect(parseTilePath(path)).toBeUndefined();
  });
});

describe('the tiles of a tree', () => {
  // C2SP tlog-tiles, Partial Tiles: the two trees of its examples.
  it('of 70,000', () => {
    const paths = [...tilesOf(70_000)].map(tilePath);
    expect(paths.filter((path) => path.startsWith('tile/0/'))).toHaveLength(274);
    expect(paths.slice(272)).toEqual([
      'tile/0/272',
      'tile/0/273.p/112',
      'tile/1/000',
      'tile/1/001.p/17',
      'tile/2/000.p/1',
    ]);
  });

  it('of 256', () => {
    expect([...tilesOf(256)].map(tilePath)).toEqual(['tile/0/000', 'tile/1/000.p/1']);
  });

  it('of nothing', () => {
    expect([...tilesOf(0)]).toEqual([]);
    expect(tileAt(0, 0, 0)).toBeUndefined();
  });

  it.each<[number, string, boolean]>([
    [300, 'tile/0/000', true],
    [300, 'tile/0/000.p/17', true],
    [300, 'tile/0/001.p/44', true],
    [300, 'tile/0/001.p/45', false],
    [300, 'tile/0/001', false],
    [300, 'tile/1/000.p/1', true],
    [300, 'tile/1/000.p/2', false],
    [300, 'tile/entries/001.p/44', true],
    [300, 'tile/entries/002.p/1', false],
  ])('of %i have %s: %s', (size, path, has) => {
    const tile = parseTilePath(path);
    expect(tile && hasTile(size, tile)).toBe(has);
  });
});

describe('a bundle of entries', () => {
  it.each([[[]], [['']], [['a', '', 'bcd']], [['x'.repeat(ENTRY_LIMIT)]]])('holds %#', (texts) => {
    const entries = texts.map((text) => Buffer.from(text));
    expect(parseBundle(encodeBundle(entries))?.map((entry) => Buffer.from(entry).toString())).toEqual(texts);
  });

  it('has the length before each, big-endian', () => {
    expect(
      Buffer.from(encodeBundle([Buffer.from('ab'), Buffer.alloc(258)]))
        .subarray(0, 6)
        .toString('hex'),
    ).toBe('000261620102');
  });

  it('takes no entry above the limit', () => {
    expect(() => encodeBundle([Buffer.alloc(ENTRY_LIMIT + 1)])).toThrow('65535');
  });

  it('is none where it is cut', () => {
    const whole = encodeBundle([Buffer.from('abc'), Buffer.from('de')]);
    const fits = new Set([0, 5, whole.length]);
    for (let length = 0; length <= whole.length; length += 1)
      expect(parseBundle(whole.subarray(0, length)) !== undefined).toBe(fits.has(length));
  });
});
