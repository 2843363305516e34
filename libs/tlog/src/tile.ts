import { parseDecimal } from './decimal.js';

/** Hashes in a full tile, entries in a full bundle. */
export const TILE_WIDTH = 256;
export const TILE_HEIGHT = 8;

/** C2SP tlog-tiles: `width` hashes of one level, the `index`-th such tile from the left. */
export interface Tile {
  /** 0 to 63; `entries` for the bundle of the entries whose hashes the tile of level 0 has. */
  readonly level: number | 'entries';
  readonly index: number;
  /** 1 to 256; below 256 the tile is partial. */
  readonly width: number;
}

/** `tile/<L>/<N>[.p/<W>]`: a number as path elements of three digits, all but the last with an `x` before them. */
export function tilePath({ level, index, width }: Tile): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const elements = padded.match(/.{3}/g) ?? [];
  const number = elements.map((element, place) => (place < elements.length - 1 ? `x${element}` : element)).join('/');
  return `tile/${level}/${number}${width < TILE_WIDTH ? `.p/${width}` : ''}`;
}

/** What `tilePath` gives, strictly: one path a tile. Undefined for any other. */
export function parseTilePath(path: string): Tile | undefined {
  const parts = /^tile\/(entries|[0-9]{1,2})\/((?:x[0-9]{3}\/){0,5}[0-9]{3})(?:\.p\/([0-9]{1,3}))?$/.exec(path);
  if (!parts) return undefined;
  const [, levelText = '', numberText = '', widthText] = parts;
  const level = levelText === 'entries' ? levelText : Number(levelText);
  const tile = {
    level,
    index: Number(numberText.replace(/[x/]/g, '')),
    width: widthText === undefined ? TILE_WIDTH : (parseDecimal(widthText) ?? 0),
  } as const;
  if (level !== 'entries' && level > 63) return undefined;
  if (!Number.isSafeInteger(tile.index) || tile.width < 1) return undefined;
  // A number with more elements than it needs, a width of 256, a level with a leading zero.
  return tilePath(tile) === path ? tile : undefined;
}

/** Hashes that a level has in a tree of this size: `floor(size / 256^level)`. */
export const levelSize = (size: number, level: number): number => Math.floor(size / TILE_WIDTH ** level);

/** The tile at a place of a tree of this size, full or partial. Undefined where the tree does not reach. */
export function tileAt(size: number, level: number | 'entries', index: number): Tile | undefined {
  const width = Math.min(levelSize(size, level === 'entries' ? 0 : level) - index * TILE_WIDTH, TILE_WIDTH);
  return width > 0 ? { level, index, width } : undefined;
}

/** Whether a tree of this size has the tile at this width: a full one, or the partial one that a smaller tree had. */
export const hasTile = (size: number, { level, index, width }: Tile): boolean =>
  (tileAt(size, level, index)?.width ?? 0) >= width;

/** Every tile of hashes that a tree of this size has, level by level; its bundles are those of level 0. */
export function* tilesOf(size: number): Generator<Tile & { readonly level: number }> {
  for (let level = 0; levelSize(size, level) > 0; level += 1) {
    const count = Math.ceil(levelSize(size, level) / TILE_WIDTH);
    for (let index = 0; index < count; index += 1) {
      const tile = tileAt(size, level, index);
      if (tile) yield { ...tile, level };
    }
  }
}
