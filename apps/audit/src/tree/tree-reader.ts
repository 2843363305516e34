import type { TenantId } from '@signet/contracts';
import type { Database } from '@signet/persistence';
import {
  encodeBundle,
  hashesOf,
  hasTile,
  HASH_LENGTH,
  tilePath,
  tilesFor,
  TILE_WIDTH,
  type Hash,
  type Range,
  type Tile,
} from '@signet/tlog';
import { findLeaf, findSignedTree, readLeaves, readTile, type SignedTree } from './reading-statements.js';
import { findTiles } from './tree-statements.js';

/** What the tree and its log have for readers, out of the database alone: nothing that is not committed is shown or proved. */
export class TreeReader {
  constructor(private readonly database: Pick<Database, 'execute' | 'first'>) {}

  /** Undefined for a log without a checkpoint. */
  async signed(tenantId: TenantId): Promise<(SignedTree & { readonly checkpoint: string }) | undefined> {
    const tree = await this.database.first(findSignedTree, { tenantId });
    return tree?.checkpoint == null ? undefined : { ...tree, checkpoint: tree.checkpoint };
  }

  /** A tile of hashes, or a bundle of entries. Undefined where the signed tree does not have it. */
  async tile(tenantId: TenantId, tile: Tile): Promise<Uint8Array | undefined> {
    const { level } = tile;
    if (level !== 'entries') return (await this.database.first(readTile, { tenantId, ...tile, level }))?.hashes;
    const tree = await this.signed(tenantId);
    return tree && hasTile(tree.size, tile) ? this.bundle(tenantId, tile) : undefined;
  }

  /** An entry that retention has dropped has no bytes in its place; its hash is in the tile. */
  private async bundle(tenantId: TenantId, { index, width }: Tile): Promise<Uint8Array> {
    const first = index * TILE_WIDTH;
    const leaves = await this.database.execute(readLeaves, { tenantId, first, count: width });
    const byIndex = new Map(leaves.map((entry) => [entry.index, entry.leaf]));
    return encodeBundle(Array.from({ length: width }, (_, place) => byIndex.get(first + place) ?? new Uint8Array()));
  }

  /** The hashes of ranges of the tree as it was at this size, which it has signed or passed. */
  async hashes(tenantId: TenantId, ranges: readonly Range[], size: number): Promise<Hash[]> {
    const wanted = tilesFor(ranges, size);
    if (wanted.length === 0) return [];
    const tiles = wanted.map(({ level, index }) => ({ tenantId, level, index }));
    const stored = await this.database.execute(findTiles, { tiles });
    const byPlace = new Map(stored.map(({ level, index, hashes }) => [`${level} ${index}`, hashes]));
    return hashesOf(ranges, size, (tile) => {
      const hashes = byPlace.get(`${tile.level} ${tile.index}`);
      if (!hashes || hashes.length < tile.width * HASH_LENGTH) throw new Error(`the tree lacks ${tilePath(tile)}`);
      return hashes;
    });
  }

  /** An event's place in the log, and its bytes. Undefined where the log does not have it, or not any more. */
  leaf(tenantId: TenantId, id: string): Promise<{ readonly index: number; readonly leaf: Uint8Array } | undefined> {
    return this.database.first(findLeaf, { tenantId, id });
  }
}
