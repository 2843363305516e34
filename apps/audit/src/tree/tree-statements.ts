import { tenantId, type TenantId } from '@signet/contracts';
import { bytea, ignoredRow, int8, statement } from '@signet/persistence';
import { z } from 'zod';

/** A tree whose log has grown beyond it. */
export interface Behind {
  readonly tenantId: TenantId;
  readonly hasTree: boolean;
}

/** Trees that are behind their logs, the one that waits for the longest first, and beside them logs without a tree. */
export const findBehind = statement<{ except: readonly TenantId[]; trees: number; plants: number }, Behind>({
  name: 'audit.tree.find-behind',
  text: `
(select head.tenant_id as "tenantId", true as "hasTree"
from log_head head join tree using (tenant_id)
where head.size > tree.size and not head.tenant_id = any($1::uuid[])
order by tree.signed_at nulls first limit $2)
union all
(select head.tenant_id, false
from log_head head
where head.size > 0 and not head.tenant_id = any($1::uuid[])
  and not exists (select from tree where tree.tenant_id = head.tenant_id)
limit $3)`,
  parameters: ({ except, trees, plants }) => [except, trees, plants],
  row: z.object({ tenantId, hasTree: z.boolean() }),
});

export interface SigningTree {
  readonly tenantId: TenantId;
  readonly origin: string;
  readonly size: number;
  /** Sealed. */
  readonly privateKey: Uint8Array;
}

export const findTrees = statement<{ tenants: readonly TenantId[] }, SigningTree>({
  name: 'audit.tree.find',
  text: `select tenant_id as "tenantId", origin, size, private_key as "privateKey" from tree where tenant_id = any($1::uuid[])`,
  parameters: ({ tenants }) => [tenants],
  row: z.object({ tenantId, origin: z.string(), size: int8, privateKey: bytea }),
});

/** A new tree, which is empty. Only under the writer's lock, with its event; gives nothing where there is one. */
export const insertTree = statement<
  Omit<SigningTree, 'size'> & { readonly publicKey: Uint8Array; readonly root: Uint8Array },
  { tenantId: TenantId }
>({
  name: 'audit.tree.insert',
  text: `insert into tree (tenant_id, origin, public_key, private_key, size, root) values ($1, $2, $3, $4, 0, $5)
    on conflict (tenant_id) do nothing returning tenant_id as "tenantId"`,
  parameters: (tree) => [tree.tenantId, tree.origin, tree.publicKey, tree.privateKey, tree.root],
  row: z.object({ tenantId }),
});

/** The hashes of the entries after each tree's last, up to `limit` each, side by side in their order. */
export const hashEntries = statement<
  { trees: readonly { tenantId: TenantId; size: number }[]; limit: number },
  { tenantId: TenantId; count: number; last: number | null; hashes: Uint8Array }
>({
  name: 'audit.tree.hash-entries',
  // RFC 6962 section 2.1: a leaf's hash is that of 0x00 and the entry.
  text: `
select tree.tenant_id as "tenantId", count(*) as count, max(added.index) as last,
  coalesce(string_agg(sha256('\\x00'::bytea || added.leaf), ''::bytea order by added.index), ''::bytea) as hashes
from unnest($1::uuid[], $2::bigint[]) as tree (tenant_id, size)
cross join lateral (
  select entry.index, entry.leaf from entry
  where entry.tenant_id = tree.tenant_id and entry.index >= tree.size order by entry.index limit $3
) added
group by tree.tenant_id`,
  parameters: ({ trees, limit }) => [trees.map(({ tenantId: id }) => id), trees.map(({ size }) => size), limit],
  row: z.object({ tenantId, count: int8, last: int8.nullable(), hashes: bytea }),
});

export interface StoredTile {
  readonly tenantId: TenantId;
  readonly level: number;
  readonly index: number;
  readonly hashes: Uint8Array;
}

/** Fenced, so that each is looked up by its key, however many are. */
export const findTiles = statement<{ tiles: readonly Omit<StoredTile, 'hashes'>[] }, StoredTile>({
  name: 'audit.tile.find',
  text: `select wanted.tenant_id as "tenantId", wanted.level, wanted.index, found.hashes
    from unnest($1::uuid[], $2::smallint[], $3::bigint[]) as wanted (tenant_id, level, index) cross join lateral (
      select hashes from tile
      where tile.tenant_id = wanted.tenant_id and tile.level = wanted.level and tile.index = wanted.index offset 0
    ) as found`,
  parameters: ({ tiles }) => [
    tiles.map((tile) => tile.tenantId),
    tiles.map(({ level }) => level),
    tiles.map(({ index }) => index),
  ],
  row: z.object({ tenantId, level: z.int(), index: int8, hashes: bytea }),
});

/** A tile only ever grows. Only under the writer's lock. */
export const keepTiles = statement<{ tiles: readonly StoredTile[] }, unknown>({
  name: 'audit.tile.keep',
  text: `insert into tile as known (tenant_id, level, index, hashes)
    select * from unnest($1::uuid[], $2::smallint[], $3::bigint[], $4::bytea[])
    on conflict (tenant_id, level, index) do update set hashes = excluded.hashes
    where length(known.hashes) < length(excluded.hashes)`,
  parameters: ({ tiles }) => [
    tiles.map((tile) => tile.tenantId),
    tiles.map(({ level }) => level),
    tiles.map(({ index }) => index),
    tiles.map(({ hashes }) => hashes),
  ],
  row: ignoredRow,
});

export interface GrownTree {
  readonly tenantId: TenantId;
  readonly oldSize: number;
  readonly size: number;
  readonly root: Uint8Array;
  readonly checkpoint: string;
}

/** Gives the trees that were still as large as they were thought to be. Only under the writer's lock. */
export const growTrees = statement<{ trees: readonly GrownTree[] }, { tenantId: TenantId }>({
  name: 'audit.tree.grow',
  text: `
update tree set size = grown.size, root = grown.root, checkpoint = grown.checkpoint, signed_at = clock_timestamp()
from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bytea[], $5::text[])
  as grown (tenant_id, old_size, size, root, checkpoint)
where tree.tenant_id = grown.tenant_id and tree.size = grown.old_size and grown.size > grown.old_size
returning tree.tenant_id as "tenantId"`,
  parameters: ({ trees }) => [
    trees.map((tree) => tree.tenantId),
    trees.map(({ oldSize }) => oldSize),
    trees.map(({ size }) => size),
    trees.map(({ root }) => root),
    trees.map(({ checkpoint }) => checkpoint),
  ],
  row: z.object({ tenantId }),
});
