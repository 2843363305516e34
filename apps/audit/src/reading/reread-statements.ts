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
with own as (
  select first from stream where created = $1
)
select case when not exists (select from own) then 1 else least(
  -- Fenced: by its index, whatever the planner thinks of finding the least ordinal first.
  (select min(later.ordinal) from (
    select ordinal from entry where stream_created = $1 and stream_sequence > $2 offset 0
  ) as later),
  (select min(greatest(stream.first, own.first + 1)) from stream, own where created <> $1 and last > own.first)
) end as ordinal`,
  parameters: ({ streamCreated, sequence }) => [streamCreated, sequence],
  row: z.object({ ordinal: int8.nullable() }),
});

export const lastOrdinal = statement<undefined, { ordinal: number }>({
  name: 'audit.entry.last-ordinal',
  text: 'select ordinal from writer',
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
