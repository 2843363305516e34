import { tenantId, type TenantId } from '@signet/contracts';
import { ignoredRow, int8, statement } from '@signet/persistence';
import { z } from 'zod';

/** A checkpoint that a witness has not cosigned yet. */
export interface Unwitnessed {
  readonly tenantId: TenantId;
  readonly size: number;
  readonly checkpoint: string;
  /** What the witness cosigned last, as far as is known. */
  readonly oldSize: number;
}

export const findUnwitnessed = statement<{ witness: string; except: readonly TenantId[]; limit: number }, Unwitnessed>({
  name: 'audit.tree.find-unwitnessed',
  text: `
select tree.tenant_id as "tenantId", tree.size, tree.checkpoint, coalesce(position.size, 0) as "oldSize"
from tree left join witness_position position on position.tenant_id = tree.tenant_id and position.witness = $1
where tree.size > coalesce(position.size, 0) and not tree.tenant_id = any($2::uuid[])
order by tree.signed_at limit $3`,
  parameters: ({ witness, except, limit }) => [witness, except, limit],
  row: z.object({ tenantId, size: int8, checkpoint: z.string(), oldSize: int8 }),
});

/** A cosignature that holds, beside others of the same checkpoint. What is shown as witnessed never goes back. */
export const keepCosignature = statement<
  { tenantId: TenantId; witness: string; size: number; checkpoint: string; line: string },
  unknown
>({
  name: 'audit.witness.keep-cosignature',
  text: `
with known as (
  insert into witness_position as known (tenant_id, witness, size) values ($1, $2, $3)
  on conflict (tenant_id, witness) do update set size = excluded.size where known.size < excluded.size
  returning 1
)
update tree set
  witnessed = (case when witnessed_size = $3 then witnessed else $4 end) || $5,
  witnessed_size = $3
where tenant_id = $1 and coalesce(witnessed_size, 0) <= $3 and exists (select from known)`,
  parameters: ({ tenantId: id, witness, size, checkpoint, line }) => [id, witness, size, checkpoint, line],
  row: ignoredRow,
});
