import type { StreamPosition } from '@signet/contracts';
import { int8, statement } from '@signet/persistence';
import { z } from 'zod';
import { entryColumns, entryRow, type EntryRow } from './entry-row.js';

/**
 * Entries that the writer appends, at most, while it holds one message: that for some seconds (WaitingMessages), after which it comes anew under
 * another sequence. By so much an order by ordinals may differ from one by sequences.
 */
const mostHeldBack = 50_000;

/**
 * An ordinal that nothing lies before which a consumer at this position may have missed: neither what came by its stream after it
 * (an event that had to wait for its turn lies behind younger ones) nor what another stream brought since its own began. Null
 * where there is nothing; 1 for a stream that the log knows nothing of. However long the stream was, it looks at some places of it, and then at
 * what lies before the one where the position was passed.
 */
export const firstUnseen = statement<StreamPosition & { heldBack?: number }, { ordinal: number | null }>({
  name: 'audit.entry.first-unseen',
  text: `
with recursive own as (
  select first, last from stream where created = $1
), halved (low, high) as (
  select first, last + 1 from own
  union all
  select case when sequence <= $2 then probe.ordinal + 1 else low end, case when sequence <= $2 then high else middle end
  from (select low, high, (low + high) / 2 as middle from halved where low < high) as span
  left join lateral (
    select ordinal, stream_sequence as sequence from entry
    where ordinal >= middle and ordinal < high and stream_created = $1 order by ordinal limit 1
  ) as probe on true
), passed as (
  select low as ordinal from halved where low >= high
)
select case when not exists (select from own) then 1 else least(
  (select nullif(passed.ordinal, own.last + 1) from passed, own),
  -- Fenced: by ordinals, or all that came after the position would be looked at.
  (select min(earlier.ordinal) from (
    select ordinal, stream_created, stream_sequence from entry
    where ordinal >= (select ordinal from passed) - $3::bigint and ordinal < (select ordinal from passed) offset 0
  ) as earlier where stream_created = $1 and stream_sequence > $2),
  (select min(greatest(stream.first, own.first + 1)) from stream, own where created <> $1 and stream.last > own.first)
) end as ordinal`,
  parameters: ({ streamCreated, sequence, heldBack = mostHeldBack }) => [streamCreated, sequence, heldBack],
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
