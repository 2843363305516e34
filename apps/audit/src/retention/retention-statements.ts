import type { RecordedEvent, RetainedClass, TenantId } from '@signet/contracts';
import { bytea, eventParameter, ignoredRow, int8, statement } from '@signet/persistence';
import { z } from 'zod';

const agedRow = z.object({
  index: int8,
  id: z.string(),
  leaf: bytea,
  personal: bytea.nullable(),
  personalSubject: z.string().nullable(),
});
/** An entry whose time is up. */
export type AgedEntry = Readonly<z.infer<typeof agedRow>>;

/** A tenant's entries of one class, by their ids, which are their times: after one id, before another, and signed. */
export const readAged = statement<
  {
    readonly tenantId: TenantId;
    readonly class: RetainedClass;
    readonly after: string;
    readonly before: string;
    /** Of the signed tree. */
    readonly size: number;
    readonly limit: number;
  },
  AgedEntry
>({
  name: 'audit.retention.read-aged',
  text: `select index, id, leaf, personal, personal_subject as "personalSubject" from entry
    where tenant_id = $1 and class = $2 and id > $3 and id < $4 and index < $5 order by id limit $6`,
  parameters: (p) => [p.tenantId, p.class, p.after, p.before, p.size, p.limit],
  row: agedRow,
});

/** Only under the writer's lock. The bounds are of the ids: for the partitions that have none of them. */
export const dropEntries = statement<
  { readonly tenantId: TenantId; readonly class: RetainedClass; readonly ids: readonly string[] },
  { count: number }
>({
  name: 'audit.retention.drop-entries',
  text: `with gone as (
      delete from entry where tenant_id = $1 and class = $2 and id = any($3::uuid[]) and id >= $4::uuid and id <= $5::uuid returning 1
    ) select count(*) from gone`,
  parameters: ({ tenantId, class: name, ids }) => [tenantId, name, ids, ids[0], ids.at(-1)],
  row: z.object({ count: int8 }),
});

/** Up to where a class of a tenant's events has been let go of; it never goes back. With its event. */
export const raiseRetention = statement<
  { tenantId: TenantId; class: RetainedClass; before: string; dropped: RecordedEvent },
  unknown
>({
  name: 'audit.retention.raise',
  text: `
insert into retention as known (tenant_id, class, before) values ($1, $2, $3)
on conflict (tenant_id, class) do update set before = greatest(known.before, excluded.before)
returning record_event($4::jsonb, 1)`,
  parameters: ({ tenantId, class: name, before, dropped }) => [tenantId, name, before, eventParameter(dropped)],
  row: ignoredRow,
  records: true,
});

/** By tenant and class the id before which entries may have been let go of. */
export const findRetention = statement<
  { tenants: readonly string[] },
  { tenantId: string; class: string; before: string }
>({
  name: 'audit.retention.find',
  text: 'select tenant_id as "tenantId", class, before from retention where tenant_id = any($1::uuid[])',
  parameters: ({ tenants }) => [tenants],
  row: z.object({ tenantId: z.string(), class: z.string(), before: z.string() }),
});
