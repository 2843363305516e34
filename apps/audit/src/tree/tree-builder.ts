import { findTenant, logKeyCreated, pathAt, type Tenant, type TenantId } from '@signet/contracts';
import type { Keyring } from '@signet/keys';
import { MeshError, type Requester } from '@signet/messaging';
import { DatabaseUnavailable, type Database } from '@signet/persistence';
import type { EventFactory, ServiceConfiguration, ServiceLogger } from '@signet/service';
import {
  emptyRoot,
  formatNoteKey,
  HASH_LENGTH,
  levelSize,
  signCheckpoint,
  TILE_WIDTH,
  TreeEdge,
  type FullTile,
} from '@signet/tlog';
import { Overtaken } from '../log/appender.js';
import { lockWriter } from '../log/log-statements.js';
import { newLogKey, openLogKey } from './log-keys.js';
import {
  findBehind,
  findTiles,
  findTrees,
  growTrees,
  hashEntries,
  insertTree,
  keepTiles,
  type GrownTree,
  type SigningTree,
  type StoredTile,
} from './tree-statements.js';

/** Trees that grow in one round, and entries of theirs in all: a round takes the writer's lock for as long as it writes. */
const treesAtOnce = 100;
/** Trees that are made in one round. */
const plantsAtOnce = 20;
const entriesAtOnce = 20_000;
const fewestEntries = 256;
/** Milliseconds for which a tenant is left alone whose tree cannot grow now. */
const patience = 5_000;
/** Milliseconds for the answer who a tenant is: the other trees wait for it. */
const answered = 500;

export interface Round {
  readonly grown: readonly GrownTree[];
  /** Whether there may be more to do at once. */
  readonly more: boolean;
}

interface Grown {
  readonly tiles: readonly StoredTile[];
  readonly tree: GrownTree;
}

/** Takes what has been appended to the logs into their trees, and signs it: what is committed, and nothing else. */
export class TreeBuilder {
  /** Until when a tenant is left alone, by the monotonic clock. */
  readonly #waiting = new Map<TenantId, number>();

  constructor(
    private readonly on: {
      readonly database: Database;
      readonly keyring: Keyring;
      readonly requester: Requester;
      readonly events: EventFactory;
      readonly logger: ServiceLogger;
      readonly configuration: Pick<ServiceConfiguration, 'issuer'>;
    },
  ) {}

  /** Throws Overtaken where `epoch` is not the writer's any more; nothing is written then. What is wrong with one log holds up no other. */
  async round(epoch: number): Promise<Round> {
    const { database } = this.on;
    for (const [tenantId, until] of this.#waiting) if (until < performance.now()) this.#waiting.delete(tenantId);
    const behind = await database.execute(findBehind, {
      ...{ except: [...this.#waiting.keys()], trees: treesAtOnce, plants: plantsAtOnce },
    });
    if (behind.length === 0) return { grown: [], more: false };
    const behindWith = (hasTree: boolean) =>
      behind.filter((tree) => tree.hasTree === hasTree).map(({ tenantId }) => tenantId);
    const [growing, bare] = [behindWith(true), behindWith(false)];
    const trees = growing.length > 0 ? await database.execute(findTrees, { tenants: growing }) : [];
    const limit = Math.max(fewestEntries, Math.floor(entriesAtOnce / Math.max(1, trees.length)));
    const grown = trees.length > 0 ? await this.grow(trees, limit) : [];
    if (grown.length > 0) await this.keep(grown, epoch);
    const planted = await this.plantAll(bare, epoch);
    const more =
      planted > 0 || growing.length === treesAtOnce || grown.some(({ tree }) => tree.size - tree.oldSize === limit);
    return { grown: grown.map(({ tree }) => tree), more };
  }

  /** Trees for logs that have their first entries; gives how many. Their tenants are asked for before any transaction, never in it. */
  private async plantAll(bare: readonly TenantId[], epoch: number): Promise<number> {
    const tenants = await Promise.all(bare.map((tenantId) => this.tenantOf(tenantId)));
    let planted = 0;
    for (const tenant of tenants) {
      if (!tenant) continue;
      try {
        await this.plant(tenant, epoch);
        planted += 1;
      } catch (error) {
        if (error instanceof Overtaken || error instanceof DatabaseUnavailable) throw error;
        this.on.logger.error('tree.not_planted', { tenant: tenant.id, error });
        this.leave(tenant.id);
      }
    }
    return planted;
  }

  private async tenantOf(tenantId: TenantId): Promise<Tenant | undefined> {
    try {
      return await this.on.requester.request(findTenant, { tenantId }, { timeout: answered });
    } catch (error) {
      const reason = error instanceof MeshError ? error.code : error;
      this.on.logger.warn('tree.tenant_unknown', { tenant: tenantId, reason });
      this.leave(tenantId);
      return undefined;
    }
  }

  private async plant(tenant: Tenant, epoch: number): Promise<void> {
    const { database, keyring, events, configuration } = this.on;
    const { id: tenantId } = tenant;
    const origin = new URL(pathAt(tenant, '/audit/v1/log'), configuration.issuer).href.replace(/^https?:\/\//, '');
    const { key, ...made } = await newLogKey(keyring, tenantId, origin);
    const created = events.make(logKeyCreated, {
      ...{ tenantId, context: { actor: 'service:audit' }, data: { origin, key: formatNoteKey(key) } },
    });
    await database.run(async (tx) => {
      if (!(await tx.first(lockWriter, { epoch }))) throw new Overtaken('another replica writes the log');
      if (await tx.first(insertTree, { tenantId, origin, ...made, root: emptyRoot })) await tx.record(created);
    });
  }

  /** The trees as they will be; what does not fit is left out, and alone for a while. */
  private async grow(trees: readonly SigningTree[], limit: number): Promise<Grown[]> {
    const { database, logger } = this.on;
    const added = new Map(
      (await database.execute(hashEntries, { trees, limit })).map((hashed) => [hashed.tenantId, hashed]),
    );
    const partial = await this.partialTilesOf(trees);
    return trees.flatMap((tree) => {
      const { tenantId, size } = tree;
      const hashed = added.get(tenantId);
      if (!hashed) return [];
      try {
        // The log has no gap; a checkpoint over one would be wrong for good.
        if (hashed.last !== size + hashed.count - 1) throw new Error('the log has a gap');
        return [this.grownBy(tree, hashed.hashes, partial.get(tenantId) ?? [])];
      } catch (error) {
        logger.error('tree.cannot_grow', { tenant: tenantId, size, error });
        this.leave(tenantId);
        return [];
      }
    });
  }

  /** Throws where its tiles or its key are not what they must be. */
  private grownBy(tree: SigningTree, hashes: Uint8Array, partial: readonly Uint8Array[]): Grown {
    const { tenantId, origin, size: oldSize } = tree;
    const privateKey = openLogKey(this.on.keyring, tenantId, tree.privateKey);
    if (!privateKey) throw new Error('the key is sealed under one that is not there');
    const edge = new TreeEdge(oldSize, partial);
    const full: FullTile[] = [];
    for (let at = 0; at < hashes.length; at += HASH_LENGTH)
      full.push(...edge.append(hashes.subarray(at, at + HASH_LENGTH)));
    const tiles = [...full.map((tile) => ({ tenantId, ...tile })), ...partialTiles(tenantId, edge)];
    const { size } = edge;
    const root = edge.root();
    const checkpoint = signCheckpoint({ origin, size, root }, privateKey);
    return { tiles, tree: { tenantId, oldSize, size, root, checkpoint } };
  }

  /** Of each tree the last tile of each level, from 0 up. */
  private async partialTilesOf(trees: readonly SigningTree[]): Promise<ReadonlyMap<TenantId, readonly Uint8Array[]>> {
    const wanted = trees.flatMap(({ tenantId, size }) =>
      lastTiles(size).map(({ level, index }) => ({ tenantId, level, index })),
    );
    const stored = wanted.length > 0 ? await this.on.database.execute(findTiles, { tiles: wanted }) : [];
    const byTree = new Map<TenantId, Uint8Array[]>();
    for (const { tenantId, level, hashes } of stored) {
      const levels = byTree.get(tenantId) ?? [];
      levels[level] = hashes;
      byTree.set(tenantId, levels);
    }
    return byTree;
  }

  private async keep(grown: readonly Grown[], epoch: number): Promise<void> {
    await this.on.database.run(async (tx) => {
      if (!(await tx.first(lockWriter, { epoch }))) throw new Overtaken('another replica writes the log');
      await tx.execute(keepTiles, { tiles: grown.flatMap(({ tiles }) => tiles) });
      const done = await tx.execute(growTrees, { trees: grown.map(({ tree }) => tree) });
      if (done.length !== grown.length) throw new Overtaken('a tree has grown meanwhile');
    });
  }

  private leave(tenantId: TenantId): void {
    this.#waiting.set(tenantId, performance.now() + patience);
  }
}

/** Of each level the tile that is not full, from 0 up. */
function lastTiles(size: number): { level: number; index: number }[] {
  const tiles: { level: number; index: number }[] = [];
  for (let level = 0; levelSize(size, level) > 0; level += 1)
    if (levelSize(size, level) % TILE_WIDTH > 0)
      tiles.push({ level, index: Math.floor(levelSize(size, level) / TILE_WIDTH) });
  return tiles;
}

function partialTiles(tenantId: TenantId, edge: TreeEdge): StoredTile[] {
  const partial = edge.partial();
  return lastTiles(edge.size).flatMap(({ level, index }) => {
    const hashes = partial[level];
    return hashes ? [{ tenantId, level, index, hashes }] : [];
  });
}
