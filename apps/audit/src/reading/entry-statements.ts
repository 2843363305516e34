import type { queryEntries } from '@signet/contracts';
import { bytea, int8, statement } from '@signet/persistence';
import { z } from 'zod';

const entryRow = z.object({
  ordinal: int8,
  tenantId: z.string(),
  index: int8,
  id: z.string(),
  subject: z.string(),
  leaf: bytea,
  personal: bytea.nullable(),
  personalSubject: z.string().nullable(),
});
export type EntryRow = z.infer<typeof entryRow>;

const columns = `ordinal, tenant_id as "tenantId", index, id, subject, leaf, personal, personal_subject as "personalSubject"`;

type Filters = z.output<typeof queryEntries.request>;

/** Newest first; a filter that is null filters nothing. */
export const queryLog = statement<Filters, EntryRow>({
  name: 'audit.entry.query',
  text: `
select ${columns} from entry
where ($1::uuid is null or tenant_id = $1)
  and ($2::text is null or type = $2)
  and ($3::text is null or account = $3)
  and ($4::text is null or client = $4)
  and ($5::text is null or session = $5)
  and ($6::text is null or aggregate = $6)
  and ($7::timestamptz is null or received_at >= $7)
  and ($8::bigint is null or ordinal < $8)
order by ordinal desc limit $9`,
  parameters: (p) => [
    p.tenantId ?? null,
    p.type ?? null,
    p.account ?? null,
    p.client ?? null,
    p.session ?? null,
    p.aggregate ?? null,
    p.since ?? null,
    p.before ?? null,
    p.limit,
  ],
  row: entryRow,
});

/** The last entry that a position in a stream covers; 0 for a stream that the log has nothing of. */
export const ordinalOfPosition = statement<{ streamCreated: string; sequence: number }, { ordinal: number }>({
  name: 'audit.entry.ordinal-of-position',
  text: `select coalesce(max(ordinal), 0) as ordinal from entry where stream_created = $1 and stream_sequence <= $2`,
  parameters: (p) => [p.streamCreated, p.sequence],
  row: z.object({ ordinal: int8 }),
});

/** Oldest first, after an ordinal, of subjects that match one of the patterns. */
export const readAfter = statement<{ after: number; patterns: readonly string[]; limit: number }, EntryRow>({
  name: 'audit.entry.read-after',
  text: `select ${columns} from entry where ordinal > $1 and subject ~ any($2::text[]) order by ordinal limit $3`,
  parameters: (p) => [p.after, p.patterns, p.limit],
  row: entryRow,
});
