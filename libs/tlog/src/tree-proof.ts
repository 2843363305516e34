import type { Hash } from './hash.js';
import { floorLog2, rangeHash, subtreeHash, subtreesOf, tileOfSubtree, type Range } from './subtree.js';
import { tilePath, type Tile } from './tile.js';

/** The largest power of two that is below `size`. */
const split = (size: number): number => {
  const power = 2 ** floorLog2(size);
  return power === size ? power / 2 : power;
};

/** RFC 6962 section 2.1.1, PATH(m, D[n]): the ranges whose hashes are the proof. Throws unless 0 <= index < size. */
export function inclusionPath(index: number, size: number): Range[] {
  if (!(index >= 0 && index < size)) throw new RangeError(`no leaf ${index} in a tree of ${size}`);
  const path: Range[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + split(end - start);
    if (index < middle) {
      path.push({ start: middle, end });
      end = middle;
    } else {
      path.push({ start, end: middle });
      start = middle;
    }
  }
  return path.reverse();
}

/** RFC 6962 section 2.1.2, PROOF(m, D[n]). Empty from nothing and between equal sizes. Throws unless 0 <= from <= to. */
export function consistencyPath(from: number, to: number): Range[] {
  if (!(from >= 0 && from <= to)) throw new RangeError(`no tree of ${to} comes of one of ${from}`);
  if (from === 0 || from === to) return [];
  const path: Range[] = [];
  let [start, end] = [0, to];
  // SUBPROOF(m, D[n], b): `from` is held as a place in the whole, so m = from - start.
  while (from !== end) {
    const middle = start + split(end - start);
    if (from <= middle) {
      path.push({ start: middle, end });
      end = middle;
    } else {
      path.push({ start, end: middle });
      start = middle;
    }
  }
  // b is true where no left part was passed over: the verifier has that hash, it is the root of `from`.
  if (start > 0) path.push({ start, end });
  return path.reverse();
}

/** The tiles that the hashes of these ranges are made of, in a tree of this size; each once. */
export function tilesFor(ranges: readonly Range[], size: number): (Tile & { readonly level: number })[] {
  const tiles = ranges.flatMap(subtreesOf).map((subtree) => tileOfSubtree(size, subtree));
  return [...new Map(tiles.map((tile) => [tilePath(tile), tile])).values()];
}

/** The hashes of ranges out of tiles, which `tilesFor` names. */
export const hashesOf = (
  ranges: readonly Range[],
  size: number,
  tile: (tile: Tile & { readonly level: number }) => Uint8Array,
): Hash[] =>
  ranges.map((range) => rangeHash(range, (subtree) => subtreeHash(subtree, tile(tileOfSubtree(size, subtree)))));
