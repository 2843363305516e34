import type { EventId, EventNotTaken } from '@signet/contracts';
import { z } from 'zod';
import { OutboxFull } from './errors.js';
import { confirm } from './outbox-confirm.js';
import { leaseOutbox, type OutboxLease } from './outbox-lease.js';
import { setAside } from './outbox-set-aside.js';
import { readWaiting, secondsSince, type Waiting } from './outbox-waiting.js';
import { bytea, int8, ignoredRow } from './row-types.js';
import { statement, type Statement } from './statement.js';

/** A recorded event on its way to audit. `leaf` is what is published, byte for byte. */
export interface OutboxRow {
  readonly id: string;
  readonly tenantId: string;
  /** NATS subject. */
  readonly subject: string;
  readonly aggregate: string;
  readonly aggregateVersion: number;
  readonly leaf: Uint8Array;
  /** Sealed personal part. */
  readonly personal?: Uint8Array;
}

const row = z
  .object({
    id: z.string(),
    tenant_id: z.string(),
    subject: z.string(),
    aggregate: z.string(),
    aggregate_version: int8,
    leaf: bytea,
    personal: bytea.nullable(),
  })
  .transform((r): OutboxRow => ({
    id: r.id,
    tenantId: r.tenant_id,
    subject: r.subject,
    aggregate: r.aggregate,
    aggregateVersion: r.aggregate_version,
    leaf: r.leaf,
    ...(r.personal && { personal: r.personal }),
  }));

/**
 * Sent, and not yet confirmed. Without a limit, whatever waits while audit is away would be sent again and again, and be in the stream many times over,
 * each of which audit has to look at when it is back: it would not catch up. These it gets through in seconds.
 */
const mostUnderWay = 4_096;

// Ids are made before their row's lock is had, so the order of ids may differ from that of an aggregate's versions: a batch
// takes lower versions along, and within an aggregate the version decides. max(uuid) is PostgreSQL 18.
// Each row is looked up by itself: for a number of rows that it does not know, Postgres would read all that waits, each time.
const nextRows = statement<{ limit: number; underWay: number }, OutboxRow>({
  name: 'persistence.outbox.next',
  text: `with under_way as (
      select count(*) as rows from (select from outbox where sent_at <= statement_timestamp() limit $2::bigint) as sent
    ), batch as (
      (select id, tenant_id, aggregate, aggregate_version from outbox
        where sent_at is null order by sent_at nulls first, id
        limit (select case when rows + $1::bigint <= $2::bigint then $1::bigint else 0 end from under_way))
      union all
      (select id, tenant_id, aggregate, aggregate_version from outbox
        where sent_at < statement_timestamp() - interval '30 seconds' order by sent_at nulls first, id limit $1::bigint)
    ), chosen as (
      select id from batch
      union
      select lower.id from batch cross join lateral (
        select id from outbox where sent_at is null and aggregate = batch.aggregate and tenant_id = batch.tenant_id
          and aggregate_version < batch.aggregate_version
        offset 0 -- or it would be joined as a whole
      ) as lower
    )
    select id, tenant_id, subject, aggregate, aggregate_version, leaf, personal
    from chosen cross join lateral (
      select tenant_id, subject, aggregate, aggregate_version, leaf, personal from outbox where outbox.id = chosen.id limit 1
    ) as found
    order by max(id::text) over (partition by tenant_id, aggregate order by aggregate_version, id), aggregate_version, id`,
  parameters: ({ limit, underWay }) => [limit, underWay],
  row,
});

const markSent = statement<readonly string[], unknown>({
  name: 'persistence.outbox.mark-sent',
  text: 'update outbox set sent_at = clock_timestamp() where id = any($1::uuid[])',
  parameters: (ids) => [ids],
  row: ignoredRow,
});

const size = statement<object, { bytes: number }>({
  name: 'persistence.outbox.size',
  text: `select coalesce(sum(pg_total_relation_size(relid)), 0)::bigint as bytes from pg_partition_tree('outbox') where isleaf`,
  parameters: () => [],
  row: z.object({ bytes: int8 }),
});

// Space that was freed stays with its partition, so a large outbox is sampled for how much of it is alive; 200 bytes a row are
// what its header and the indexes take. Statistics would do too, but a crash empties them.
const sampledSize = statement<{ percent: number }, { bytes: number }>({
  name: 'persistence.outbox.sampled-size',
  text: `select (coalesce(sum(pg_column_size(o.*) + 200), 0) * 100 / $1::float8)::bigint as bytes
    from outbox o tablesample system ($1::float8)`,
  parameters: ({ percent }) => [percent],
  row: z.object({ bytes: int8 }),
});
const sampledBytes = 16 * 1024 * 1024;

const monotonic = (): number => performance.now() / 1_000;

export interface OutboxOptions {
  url: string;
  service: string;
  /** Bytes; none when absent. */
  ceiling: number | undefined;
  execute: <P, R>(s: Statement<P, R>, p: P) => Promise<R[]>;
}

/** What was recorded and is not yet confirmed by audit. */
export class Outbox {
  readonly #listeners = new Set<() => void>();
  #full = false;
  #bytes = 0;
  /** `since`: when the oldest event was, in seconds of the monotonic clock. */
  #waiting: (Pick<Waiting, 'rows' | 'setAside'> & { readonly since: number | undefined }) | undefined;
  /** Too much waits at audit for anything new to be sent. */
  #heldBack = false;

  constructor(private readonly options: OutboxOptions) {}

  /** Waits until this process is its service's one relay; see OutboxLease. Rejects when `signal` fires first. */
  lease(signal?: AbortSignal): Promise<OutboxLease> {
    return leaseOutbox(this.options.url, this.options.service, signal);
  }

  /**
   * Rows that were never sent, unless with `limit` more of them over `underWay` would be sent and not confirmed, or too much waited at the last
   * look, and rows sent over 30 s ago and not confirmed; about `limit` of each at most, an aggregate's rows always in the order of their versions.
   * Marks nothing.
   */
  next(limit: number, underWay = mostUnderWay): Promise<OutboxRow[]> {
    return this.options.execute(nextRows, { limit, underWay: this.#heldBack ? 0 : underWay });
  }

  async markSent(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.options.execute(markSent, ids);
  }

  /** Audit has them: they go, and what waits behind them is sent at once. Gives how many were still there. Does not check who says so. */
  async confirm(ids: readonly string[]): Promise<number> {
    return ids.length === 0 ? 0 : (await this.options.execute(confirm, ids)).length;
  }

  /**
   * Audit does not take them: they stay, count as under way no more, and are sent again after a day, or sooner where they only wait. Those whose
   * leaf is another one are left as they are. Gives those that are set aside now; `known`: they were before, for the same reason. Does not check who
   * says so.
   */
  async setAside(events: readonly EventNotTaken[]): Promise<{ id: EventId; known: boolean }[]> {
    return events.length === 0 ? [] : this.options.execute(setAside, events);
  }

  /** Seconds since the event of the oldest row that is not set aside, 0 when there is none. */
  async lag(): Promise<number> {
    const [read] = await this.options.execute(readWaiting, {});
    const seconds = secondsSince(read);
    this.#heldBack = read?.heldBack ?? false;
    this.#waiting = {
      ...{ rows: read?.rows ?? 0, setAside: read?.aside ?? 0 },
      since: read?.oldest == null ? undefined : monotonic() - seconds,
    };
    return seconds;
  }

  /** As last read, undefined before; the seconds go on while nobody answers. Asks nobody. */
  get waiting(): Waiting | undefined {
    if (!this.#waiting) return undefined;
    const { rows, setAside, since } = this.#waiting;
    return { rows, setAside, oldestSeconds: since === undefined ? 0 : monotonic() - since };
  }

  /** Calls `listener` after each commit of this process that recorded something. Gives what takes it off again. */
  onRecorded(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  nudge(): void {
    for (const listener of this.#listeners) listener();
  }

  /** True while nothing may be recorded. */
  get full(): boolean {
    return this.#full;
  }

  /** As it was last measured: asks nobody. */
  get bytes(): number {
    return this.#bytes;
  }

  refuseIfFull(): void {
    if (this.#full) throw new OutboxFull();
  }

  /** Measures it and reads what waits in it. */
  async look(): Promise<void> {
    await this.measure();
    await this.lag();
  }

  /** Measures the outbox against its ceiling. Gives the bytes that it takes on disk. */
  async measure(): Promise<number> {
    const bytes = (await this.options.execute(size, {}))[0]?.bytes ?? 0;
    this.#bytes = bytes;
    this.#full =
      this.options.ceiling !== undefined &&
      bytes >= this.options.ceiling &&
      (await this.#live(bytes)) >= this.options.ceiling;
    return bytes;
  }

  async #live(bytes: number): Promise<number> {
    const percent = Math.min(100, (100 * sampledBytes) / bytes);
    return (await this.options.execute(sampledSize, { percent }))[0]?.bytes ?? 0;
  }
}
