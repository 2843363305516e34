import { emptyRoot, HASH_LENGTH, perfectRoot, type Hash } from './hash.js';
import { rangeHash, subtreeHash } from './subtree.js';
import { levelSize, TILE_HEIGHT, TILE_WIDTH } from './tile.js';

/** A full tile that will not change any more. */
export interface FullTile {
  readonly level: number;
  readonly index: number;
  readonly hashes: Uint8Array;
}

/**
 * The right edge of a growing tree: of each level the hashes that do not fill a tile yet. It is all that a tree needs to grow
 * and to know its root; so a tree of any size is built in the memory of a few tiles.
 */
export class TreeEdge {
  readonly #levels: Buffer[];
  #size: number;

  /** `partial`: the partial tile of each level, from 0 up, as it is in a tree of this size. Throws where one has another width. */
  constructor(size = 0, partial: readonly Uint8Array[] = []) {
    this.#size = size;
    this.#levels = [];
    for (let level = 0; levelSize(size, level) > 0; level += 1) {
      const width = levelSize(size, level) % TILE_WIDTH;
      const hashes = partial[level] ?? new Uint8Array();
      if (hashes.length !== width * HASH_LENGTH) throw new Error(`level ${level} has ${width} hashes at size ${size}`);
      this.#levels.push(filled(hashes));
    }
  }

  get size(): number {
    return this.#size;
  }

  /** Adds a leaf; gives the tiles that it filled, lowest first. */
  append(hash: Hash): FullTile[] {
    const full: FullTile[] = [];
    let carried = hash;
    this.#size += 1;
    for (let level = 0; ; level += 1) {
      const tile = (this.#levels[level] ??= Buffer.alloc(TILE_WIDTH * HASH_LENGTH));
      const place = (levelSize(this.#size, level) - 1) % TILE_WIDTH;
      tile.set(carried, place * HASH_LENGTH);
      if (place < TILE_WIDTH - 1) return full;
      full.push({ level, index: levelSize(this.#size, level + 1) - 1, hashes: tile });
      this.#levels[level] = Buffer.alloc(TILE_WIDTH * HASH_LENGTH);
      carried = perfectRoot(tile);
    }
  }

  /** The partial tile of each level, from 0 up; empty where the level ends with a full one. */
  partial(): Uint8Array[] {
    return this.#levels.map((tile, level) =>
      Buffer.from(tile.subarray(0, (levelSize(this.#size, level) % TILE_WIDTH) * HASH_LENGTH)),
    );
  }

  /** RFC 6962 section 2.1: of the tree as it is now. */
  root(): Hash {
    if (this.#size === 0) return emptyRoot;
    // A subtree of the whole tree's lies in the last tile of its level: it is a bit of that tile's width.
    return rangeHash({ start: 0, end: this.#size }, (subtree) => {
      const tile = this.#levels[Math.floor(subtree.height / TILE_HEIGHT)];
      if (!tile) throw new Error('the edge lacks a level');
      return subtreeHash(subtree, tile);
    });
  }
}

function filled(hashes: Uint8Array): Buffer {
  const tile = Buffer.alloc(TILE_WIDTH * HASH_LENGTH);
  tile.set(hashes);
  return tile;
}
