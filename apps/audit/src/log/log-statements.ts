import { ignoredRow, int8, statement } from '@signet/persistence';
import { z } from 'zod';
import type { Facets } from './facets.js';

/** Becomes or stays the writer for `seconds`: where nobody is, or the holder's time is up. A new holder gets a new epoch. */
export const holdWriter = statement<{ holder: string; seconds: number }, { epoch: number }>({
  name: 'audit.writer.hold',
  text: `
update writer set
  epoch = case when holder = $1 then epoch else epoch + 1 end,
  holder = $1,
  held_until = clock_timestamp() + $2 * interval '1 second'
where holder = $1 or holder is null or held_until < clock_timestamp()
returning epoch`,
  parameters: ({ holder, seconds }) => [holder, seconds],
  row: z.object({ epoch: int8 }),
});

export const releaseWriter = statement<{ holder: string }, unknown>({
  name: 'audit.writer.release',
  text: 'update writer set holder = null where holder = $1',
  parameters: ({ holder }) => [holder],
  row: ignoredRow,
});

/** First in every append: locks the writer's row, and gives nothing to a writer that has been overtaken. */
export const lockWriter = statement<{ epoch: number }, { ordinal: number }>({
  name: 'audit.writer.lock',
  text: 'select ordinal from writer where epoch = $1 for update',
  parameters: ({ epoch }) => [epoch],
  row: z.object({ ordinal: int8 }),
});

/** Nothing is appended until the transaction ends, and what was being appended is there. */
export const holdAppends = statement<undefined, unknown>({
  name: 'audit.writer.hold-appends',
  text: 'select from writer for update',
  parameters: () => [],
  row: ignoredRow,
});

/** Whether the tenant has a log. */
export const hasLog = statement<{ tenantId: string }, unknown>({
  name: 'audit.log-head.has',
  text: 'select from log_head where tenant_id = $1',
  parameters: ({ tenantId }) => [tenantId],
  row: ignoredRow,
});

/** Fenced, so that each is looked up in the partition of its id. */
export const findStored = statement<
  { events: readonly { readonly tenantId: string; readonly id: string }[] },
  { id: string }
>({
  name: 'audit.entry.find-stored',
  text: `select found.id from unnest($1::uuid[], $2::uuid[]) as wanted (tenant_id, id) cross join lateral (
      select entry.id from entry where entry.tenant_id = wanted.tenant_id and entry.id = wanted.id offset 0
    ) as found`,
  parameters: ({ events }) => [events.map(({ tenantId }) => tenantId), events.map(({ id }) => id)],
  row: z.object({ id: z.string() }),
});

interface AggregateVersion {
  readonly tenantId: string;
  readonly aggregate: string;
  readonly version: number;
}

/** Fenced, so that each is looked up by the key, also in a plan that was made while the table was empty. */
export const findVersions = statement<
  { aggregates: readonly Pick<AggregateVersion, 'tenantId' | 'aggregate'>[] },
  AggregateVersion
>({
  name: 'audit.aggregate.find-versions',
  text: `select wanted.tenant_id as "tenantId", wanted.aggregate, known.version
    from (select distinct * from unnest($1::uuid[], $2::text[]) as given (tenant_id, aggregate)) as wanted cross join lateral (
      select version from aggregate_position known
      where known.tenant_id = wanted.tenant_id and known.aggregate = wanted.aggregate offset 0
    ) as known`,
  parameters: ({ aggregates }) => [
    aggregates.map(({ tenantId }) => tenantId),
    aggregates.map(({ aggregate }) => aggregate),
  ],
  row: z.object({ tenantId: z.string(), aggregate: z.string(), version: int8 }),
});

/** An entry as it is appended; its index and ordinal come from its place in the batch. */
export interface NewEntry extends AggregateVersion, Facets {
  readonly id: string;
  readonly subject: string;
  readonly type: string;
  readonly networkAddress: Uint8Array | null;
  readonly networkPrefix: Uint8Array | null;
  readonly leaf: Uint8Array;
  readonly personal: Uint8Array | null;
  readonly personalSubject: string | null;
  readonly streamCreated: string;
  readonly streamSequence: number;
}

/** A column of an entry: its name, its type, and its value. */
const columns: readonly (readonly [string, string, (entry: NewEntry) => unknown])[] = [
  ['class', 'text', (entry) => entry.class],
  ['tenant_id', 'uuid', ({ tenantId }) => tenantId],
  ['id', 'uuid', ({ id }) => id],
  ['subject', 'text', ({ subject }) => subject],
  ['type', 'text', ({ type }) => type],
  ['aggregate', 'text', ({ aggregate }) => aggregate],
  ['aggregate_version', 'bigint', ({ version }) => version],
  ['actor', 'text', ({ actor }) => actor],
  ['account', 'text', ({ account }) => account],
  ['client', 'text', ({ client }) => client],
  ['session', 'text', ({ session }) => session],
  ['failed', 'boolean', ({ failed }) => failed],
  ['trace', 'uuid', ({ trace }) => trace],
  ['network_address', 'bytea', ({ networkAddress }) => networkAddress],
  ['network_prefix', 'bytea', ({ networkPrefix }) => networkPrefix],
  ['leaf', 'bytea', ({ leaf }) => leaf],
  ['personal', 'bytea', ({ personal }) => personal],
  ['personal_subject', 'text', ({ personalSubject }) => personalSubject],
  ['stream_created', 'text', ({ streamCreated }) => streamCreated],
  ['stream_sequence', 'bigint', ({ streamSequence }) => streamSequence],
];
const names = columns.map(([name]) => name).join(', ');

/** Appends entries in the order given: gapless within each tenant and over all. Only under the writer's lock. */
export const appendEntries = statement<{ entries: readonly NewEntry[]; ordinal: number }, unknown>({
  name: 'audit.entry.append',
  text: `
with added as (
  select *, $1::bigint + place as ordinal
  from unnest(${columns.map(([, type], index) => `$${index + 2}::${type}[]`).join(', ')})
    with ordinality as added (${names}, place)
), head as (
  insert into log_head (tenant_id, size) select tenant_id, count(*) from added group by tenant_id
  on conflict (tenant_id) do update set size = log_head.size + excluded.size
  returning tenant_id, size
), position as (
  insert into aggregate_position (tenant_id, aggregate, version)
  select tenant_id, aggregate, max(aggregate_version) from added group by tenant_id, aggregate
  on conflict (tenant_id, aggregate) do update set version = excluded.version
), came as (
  insert into stream (created, first, last)
  select stream_created, min(ordinal), max(ordinal) from added group by stream_created
  on conflict (created) do update set last = excluded.last
), numbered as (
  update writer set ordinal = ordinal + (select count(*) from added)
)
insert into entry (index, ordinal, ${names})
select
  head.size - count(*) over (partition by tenant_id) + row_number() over (partition by tenant_id order by place) - 1,
  ordinal, ${names}
from added join head using (tenant_id)`,
  parameters: ({ entries, ordinal }) => [ordinal, ...columns.map(([, , value]) => entries.map(value))],
  row: ignoredRow,
});
