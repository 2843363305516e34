import type { TenantId } from '@signet/contracts';
import { bytea, int8, statement } from '@signet/persistence';
import { HASH_LENGTH } from '@signet/tlog';
import { z } from 'zod';

export interface SignedTree {
  readonly origin: string;
  /** SPKI. */
  readonly publicKey: Uint8Array;
  readonly size: number;
  /** Null before the first. */
  readonly checkpoint: string | null;
  readonly witnessedSize: number | null;
  readonly witnessed: string | null;
}

export const findSignedTree = statement<{ tenantId: TenantId }, SignedTree>({
  name: 'audit.tree.find-signed',
  text: `select origin, public_key as "publicKey", size, checkpoint, witnessed_size as "witnessedSize", witnessed
    from tree where tenant_id = $1`,
  parameters: ({ tenantId }) => [tenantId],
  row: z.object({
    origin: z.string(),
    publicKey: bytea,
    size: int8,
    checkpoint: z.string().nullable(),
    witnessedSize: int8.nullable(),
    witnessed: z.string().nullable(),
  }),
});

/** The first `width` hashes of a tile; those of a smaller tree's partial one are the beginning of what it has become. */
export const readTile = statement<
  { tenantId: TenantId; level: number; index: number; width: number },
  { hashes: Uint8Array }
>({
  name: 'audit.tile.read',
  text: `select substring(hashes from 1 for $4) as hashes from tile
    where tenant_id = $1 and level = $2 and index = $3 and length(hashes) >= $4`,
  parameters: ({ tenantId, level, index, width }) => [tenantId, level, index, width * HASH_LENGTH],
  row: z.object({ hashes: bytea }),
});

export const readLeaves = statement<
  { tenantId: TenantId; first: number; count: number },
  { index: number; leaf: Uint8Array }
>({
  name: 'audit.entry.read-leaves',
  text: 'select index, leaf from entry where tenant_id = $1 and index >= $2 and index < $2 + $3::bigint order by index',
  parameters: ({ tenantId, first, count }) => [tenantId, first, count],
  row: z.object({ index: int8, leaf: bytea }),
});

export const findLeaf = statement<{ tenantId: TenantId; id: string }, { index: number; leaf: Uint8Array }>({
  name: 'audit.entry.find-leaf',
  text: 'select index, leaf from entry where tenant_id = $1 and id = $2',
  parameters: ({ tenantId, id }) => [tenantId, id],
  row: z.object({ index: int8, leaf: bytea }),
});
