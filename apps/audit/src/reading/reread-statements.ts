import type { StreamPosition } from '@signet/contracts';
import { int8, statement } from '@signet/persistence';
import { z } from 'zod';
import { entryColumns, entryRow, type EntryRow } from './entry-row.js';

/**
 * An ordinal that nothing lies before which a consumer at this position may have missed: neither what came by its stream after it
 * (an event that had to wait for its turn lies behind younger ones) nor what another stream brought since its own began. Null
 * where there is nothing; 1 for a stream that the log knows nothing of.
 */
export const firstUnseen = statement<StreamPosition, { ordinal: number | null }>({
  name: 'audit.entry.first-unseen',
  text: `
with recursive known (created) as (
  select min(stream_created) from entry
  union all
  select (select min(stream_created) from entry where stream_created > known.created) from known where created is not null
), own as (
  select min(ordinal) as first from entry where stream_created = $1
)
select case when own.first is null then 1 else least(
  (select min(ordinal) from entry where stream_created = $1 and stream_sequence > $2),
  (select min((select min(ordinal) from entry where stream_created = known.created and ordinal > own.first))
    from known where created <> $1)
) end as ordinal from own`,
  parameters: ({ streamCreated, sequence }) => [streamCreated, sequence],
  row: z.object({ ordinal: int8.nullable() }),
});

export const lastOrdinal = statement<undefined, { ordinal: number }>({
  name: 'audit.entry.last-ordinal',
  text: 'select coalesce(max(ordinal), 0) as ordinal from entry',
  parameters: () => [],
  row: z.object({ ordinal: int8 }),
});

/** Oldest first, after an ordinal and up to another, of subjects that match one of the patterns. */
export const readBetween = statement<
  { after: number; upTo: number; patterns: readonly string[]; limit: number },
  EntryRow
>({
  name: 'audit.entry.read-between',
  text: `select ${entryColumns} from entry
    where ordinal > $1 and ordinal <= $2 and subject ~ any($3::text[]) order by ordinal limit $4`,
  parameters: (p) => [p.after, p.upTo, p.patterns, p.limit],
  row: entryRow,
});
