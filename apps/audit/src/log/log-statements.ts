import { ignoredRow, int8, statement } from '@signet/persistence';
import { z } from 'zod';

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

export const findStored = statement<{ ids: readonly string[] }, { id: string }>({
  name: 'audit.entry.find-stored',
  text: 'select id from entry where id = any($1::uuid[])',
  parameters: ({ ids }) => [ids],
  row: z.object({ id: z.string() }),
});

interface AggregateVersion {
  readonly tenantId: string;
  readonly aggregate: string;
  readonly version: number;
}

export const findVersions = statement<
  { aggregates: readonly Pick<AggregateVersion, 'tenantId' | 'aggregate'>[] },
  AggregateVersion
>({
  name: 'audit.aggregate.find-versions',
  text: `select tenant_id as "tenantId", aggregate, version from aggregate_position
    where (tenant_id, aggregate) in (select * from unnest($1::uuid[], $2::text[]))`,
  parameters: ({ aggregates }) => [
    aggregates.map(({ tenantId }) => tenantId),
    aggregates.map(({ aggregate }) => aggregate),
  ],
  row: z.object({ tenantId: z.string(), aggregate: z.string(), version: int8 }),
});

/** An entry as it is appended; its index and ordinal come from its place in the batch. */
export interface NewEntry extends AggregateVersion {
  readonly id: string;
  readonly subject: string;
  readonly type: string;
  readonly account: string | null;
  readonly client: string | null;
  readonly session: string | null;
  readonly leaf: Uint8Array;
  readonly personal: Uint8Array | null;
  readonly personalSubject: string | null;
  readonly streamCreated: string;
  readonly streamSequence: number;
}

/** Appends entries in the order given: gapless within each tenant and over all. Only under the writer's lock. */
export const appendEntries = statement<{ entries: readonly NewEntry[]; ordinal: number }, unknown>({
  name: 'audit.entry.append',
  text: `
with added as (
  select * from unnest(
    $1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::text[], $9::text[],
    $10::bytea[], $11::bytea[], $12::text[], $13::text[], $14::bigint[]
  ) with ordinality as added (
    id, tenant_id, subject, type, aggregate, aggregate_version, account, client, session,
    leaf, personal, personal_subject, stream_created, stream_sequence, place
  )
), head as (
  insert into log_head (tenant_id, size) select tenant_id, count(*) from added group by tenant_id
  on conflict (tenant_id) do update set size = log_head.size + excluded.size
  returning tenant_id, size
), position as (
  insert into aggregate_position (tenant_id, aggregate, version)
  select tenant_id, aggregate, max(aggregate_version) from added group by tenant_id, aggregate
  on conflict (tenant_id, aggregate) do update set version = excluded.version
), numbered as (
  update writer set ordinal = ordinal + (select count(*) from added)
)
insert into entry (
  tenant_id, index, ordinal, id, subject, type, aggregate, aggregate_version, account, client, session,
  leaf, personal, personal_subject, stream_created, stream_sequence
)
select
  added.tenant_id,
  head.size - count(*) over (partition by added.tenant_id) + row_number() over (partition by added.tenant_id order by place) - 1,
  $15::bigint + place,
  id, subject, type, aggregate, aggregate_version, account, client, session,
  leaf, personal, personal_subject, stream_created, stream_sequence
from added join head on head.tenant_id = added.tenant_id`,
  parameters: ({ entries, ordinal }) => [
    entries.map(({ id }) => id),
    entries.map(({ tenantId }) => tenantId),
    entries.map(({ subject }) => subject),
    entries.map(({ type }) => type),
    entries.map(({ aggregate }) => aggregate),
    entries.map(({ version }) => version),
    entries.map(({ account }) => account),
    entries.map(({ client }) => client),
    entries.map(({ session }) => session),
    entries.map(({ leaf }) => leaf),
    entries.map(({ personal }) => personal),
    entries.map(({ personalSubject }) => personalSubject),
    entries.map(({ streamCreated }) => streamCreated),
    entries.map(({ streamSequence }) => streamSequence),
    ordinal,
  ],
  row: ignoredRow,
});
