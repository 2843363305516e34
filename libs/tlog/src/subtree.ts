import { HASH_LENGTH, nodeHash, perfectRoot, type Hash } from './hash.js';
import { TILE_HEIGHT, TILE_WIDTH, tileAt, type Tile } from './tile.js';

/** Leaves from `start` up to and without `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A perfect tree of 2^height leaves, the `index`-th of that height from the left. */
export interface Subtree {
  readonly height: number;
  readonly index: number;
}

/**
 * The perfect subtrees that RFC 6962 section 2.1 makes the hash of a range from, left to right. The range is one that a proof names: it starts
 * at a multiple of the largest power of two that is below its length.
 */
export function subtreesOf({ start, end }: Range): Subtree[] {
  const subtrees: Subtree[] = [];
  let at = start;
  while (at < end) {
    const height = floorLog2(end - at);
    subtrees.push({ height, index: at / 2 ** height });
    at += 2 ** height;
  }
  return subtrees;
}

/** RFC 6962 section 2.1: MTH of a range, of the hashes of its subtrees. */
export function rangeHash(range: Range, hashOf: (subtree: Subtree) => Hash): Hash {
  const hashes = subtreesOf(range).map(hashOf);
  const last = hashes.pop();
  if (!last) throw new Error('an empty range has no subtree');
  return hashes.reduceRight((right, left) => nodeHash(left, right), last);
}

/** The tile that a subtree's hash is made of, in a tree of this size. */
export function tileOfSubtree(size: number, { height, index }: Subtree): Tile & { readonly level: number } {
  const level = Math.floor(height / TILE_HEIGHT);
  const first = index * 2 ** (height % TILE_HEIGHT);
  const tile = tileAt(size, level, Math.floor(first / TILE_WIDTH));
  if (!tile) throw new Error(`a tree of ${size} has no such subtree`);
  return { ...tile, level };
}

/** The hash of a subtree, of the hashes of its tile (at that width or a greater one). */
export function subtreeHash({ height, index }: Subtree, tile: Uint8Array): Hash {
  const span = 2 ** (height % TILE_HEIGHT);
  const first = (index * span) % TILE_WIDTH;
  return perfectRoot(tile.subarray(first * HASH_LENGTH, (first + span) * HASH_LENGTH));
}

/** Exact up to 2^53, where the bit operators end at 2^32. */
export function floorLog2(value: number): number {
  let log = Math.floor(Math.log2(value));
  if (2 ** log > value) log -= 1;
  if (2 ** (log + 1) <= value) log += 1;
  return log;
}
