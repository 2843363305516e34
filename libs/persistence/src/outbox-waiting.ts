import { z } from 'zod';
import { int8, micros, nowMicros } from './row-types.js';
import { parseRows, statement } from './statement.js';

/** Rows that are counted; beyond, it is many. */
const mostCounted = 10_000;
/** Rows, the first of those that were sent, among which what is not set aside is looked for: what is due again lies between. */
const mostLookedAt = 20_000;

/**
 * Events, and aggregates that they are of, at which the log itself takes nothing, say for want of a key: from there on nothing new is sent, or all that
 * happens would be sent again each hour. Many events of a few aggregates are those aggregates' own fault, and hold nobody else up.
 */
const mostWaiting = { events: 50_000, aggregates: 1_000 } as const;

interface Read {
  readonly rows: number;
  readonly aside: number;
  readonly oldest: number | null;
  readonly heldBack: boolean;
  readonly now: number;
}

// What is set aside may be any number of rows, and the oldest: none of this passes over them. Each part has the order of its index, or statistics of
// another day could have it read the whole table.
export const readWaiting = statement<object, Read>({
  name: 'persistence.outbox.oldest',
  text: `with recursive unsent as materialized (
      select id from outbox where sent_at is null order by sent_at nulls first, id limit ${mostCounted}
    ), sent as materialized (
      select id, set_aside from outbox where sent_at <= statement_timestamp() order by sent_at nulls first, id limit ${mostLookedAt}
    ), many as materialized (
      select count(*) >= ${mostWaiting.events} as wait from (
        select from outbox where set_aside = 'waits' order by tenant_id, aggregate, aggregate_version limit ${mostWaiting.events}
      ) as counted
    ), late as (
      (select tenant_id, aggregate from outbox where set_aside = 'waits' and (select wait from many)
        order by tenant_id, aggregate, aggregate_version limit 1)
      union all
      select next.tenant_id, next.aggregate from late cross join lateral (
        select tenant_id, aggregate from outbox
        where set_aside = 'waits' and (tenant_id, aggregate) > (late.tenant_id, late.aggregate)
        order by tenant_id, aggregate, aggregate_version limit 1
      ) as next
    )
    select least(${mostCounted}, (select count(*) from unsent) + (select count(*) from sent where set_aside is null)) as rows,
      (select count(*) from (select from outbox where set_aside is not null order by id limit ${mostCounted}) counted) as aside,
      least((select id::text from unsent order by id limit 1), (select min(id::text) from sent where set_aside is null)) as oldest,
      (select count(*) >= ${mostWaiting.aggregates} from (select from late limit ${mostWaiting.aggregates}) counted) as "heldBack",
      ${nowMicros} as now`,
  parameters: () => [],
  row: z.object({
    rows: int8,
    aside: int8,
    oldest: z
      .string()
      .nullable()
      .transform((id) => (id === null ? null : Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16))),
    heldBack: z.boolean(),
    now: micros,
  }),
});

/** What audit has not confirmed. */
export interface Waiting {
  /** Up to 10,000, without those that are set aside. */
  readonly rows: number;
  /** Since the event of the oldest of them. */
  readonly oldestSeconds: number;
  /** Rows, up to 10,000, that audit did not take when they came last. */
  readonly setAside: number;
}

export async function waitingInOutbox(query: (config: { text: string }) => Promise<unknown[]>): Promise<Waiting> {
  const [read] = parseRows(readWaiting, await query({ text: readWaiting.text }));
  return { rows: read?.rows ?? 0, oldestSeconds: secondsSince(read), setAside: read?.aside ?? 0 };
}

export const secondsSince = (read: Pick<Read, 'oldest' | 'now'> | undefined): number =>
  read?.oldest == null ? 0 : Math.max(0, read.now / 1_000_000 - read.oldest / 1_000);
