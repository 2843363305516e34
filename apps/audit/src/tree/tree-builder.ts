import { findTenant, logKeyCreated, pathAt, type TenantId } from '@signet/contracts';
import type { Keyring } from '@signet/keys';
import { MeshError, type Requester } from '@signet/messaging';
import type { Database } from '@signet/persistence';
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
  type Behind,
  type GrownTree,
  type SigningTree,
  type StoredTile,
} from './tree-statements.js';

/** Trees that grow in one round, and entries of theirs in all: a round takes the writer's lock for as long as it writes. */
const treesAtOnce = 100;
const entriesAtOnce = 20_000;
const fewestEntries = 256;
/** Milliseconds for which a tenant is left alone whose tree cannot grow now. */
const patience = 5_000;

export interface Round {
  readonly grown: readonly GrownTree[];
  /** Whether there may be more to do at once. */
  readonly more: boolean;
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

  /** Throws Overtaken where `epoch` is not the writer's any more; nothing is written then. */
  async round(epoch: number): Promise<Round> {
    const { database } = this.on;
    for (const [tenantId, until] of this.#waiting) if (until < performance.now()) this.#waiting.delete(tenantId);
    const behind = await database.execute(findBehind, { except: [...this.#waiting.keys()], limit: treesAtOnce });
    if (behind.length === 0) return { grown: [], more: false };
    for (const tree of behind) if (!tree.hasTree) await this.plant(tree, epoch);
    const trees = await database.execute(findTrees, { tenants: behind.map(({ tenantId }) => tenantId) });
    const limit = Math.max(fewestEntries, Math.floor(entriesAtOnce / behind.length));
    const grown = await this.grow(trees, limit);
    if (grown.length > 0) await this.keep(grown, epoch);
    const more = behind.length === treesAtOnce || grown.some(({ tree }) => tree.size - tree.oldSize === limit);
    return { grown: grown.map(({ tree }) => tree), more };
  }

  /** A tree with its key, for a log that has its first entries. Its tenant is asked for before the transaction, never in it. */
  private async plant({ tenantId }: Behind, epoch: number): Promise<void> {
    const { database, keyring, requester, events, configuration, logger } = this.on;
    const tenant = await requester.request(findTenant, { tenantId }).catch((error: unknown) => {
      if (!(error instanceof MeshError)) throw error;
      logger.warn('tree.tenant_unknown', { tenant: tenantId, reason: error.code });
      return undefined;
    });
    if (!tenant) {
      this.leave(tenantId);
      return;
    }
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
  private async grow(trees: readonly SigningTree[], limit: number) {
    const { database, keyring, logger } = this.on;
    const added = new Map(
      (await database.execute(hashEntries, { trees, limit })).map((hashed) => [hashed.tenantId, hashed]),
    );
    const edges = await this.edges(trees);
    return trees.flatMap((tree) => {
      const { tenantId, origin, size: oldSize } = tree;
      const hashed = added.get(tenantId);
      const edge = edges.get(tenantId);
      if (!hashed || !edge) return [];
      const privateKey = openLogKey(keyring, tenantId, tree.privateKey);
      // The log has no gap; a checkpoint over one would be wrong for good.
      if (!privateKey || hashed.last !== oldSize + hashed.count - 1) {
        logger.error(privateKey ? 'tree.log_has_gap' : 'tree.key_sealed', { tenant: tenantId, size: oldSize });
        this.leave(tenantId);
        return [];
      }
      const full: FullTile[] = [];
      for (let at = 0; at < hashed.hashes.length; at += HASH_LENGTH)
        full.push(...edge.append(hashed.hashes.subarray(at, at + HASH_LENGTH)));
      const tiles = [...full.map((tile) => ({ tenantId, ...tile })), ...partialTiles(tenantId, edge)];
      const { size } = edge;
      const root = edge.root();
      const checkpoint = signCheckpoint({ origin, size, root }, privateKey);
      return [{ tiles, tree: { tenantId, oldSize, size, root, checkpoint } }];
    });
  }

  private async edges(trees: readonly SigningTree[]): Promise<ReadonlyMap<TenantId, TreeEdge>> {
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
    return new Map(trees.map(({ tenantId, size }) => [tenantId, new TreeEdge(size, byTree.get(tenantId) ?? [])]));
  }

  private async keep(
    grown: readonly { tiles: readonly StoredTile[]; tree: GrownTree }[],
    epoch: number,
  ): Promise<void> {
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
