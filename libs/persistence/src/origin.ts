import { z } from 'zod';
import type { ConnectionPool, PersistenceLogger } from './connection-pool.js';
import { UnfitServer } from './errors.js';
import { ignoredRow, int8, micros, microsOf } from './row-types.js';
import { statement } from './statement.js';

/** What shows that a database is not the one that it was. */
export interface Origin {
  /** Its tables were made anew: a dump was restored. */
  readonly copied: boolean;
  /** The server's log has left the timeline that it was on: recovered to a point in time, or failed over. False where the server does not say. */
  readonly branched: boolean;
  /** When it was declared last that it is a restored backup. */
  readonly restoredAt: number | undefined;
}

const timelineOf = `('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::bigint`;

const row = z.object({ copied: z.boolean(), timeline: int8.nullable(), restored_at: micros.nullable() });

export async function readOrigin(pool: Pick<ConnectionPool, 'query'>): Promise<Origin> {
  const [found] = await pool.query({
    text: `select relation <> 'origin'::regclass as copied, timeline, ${microsOf('restored_at')} as restored_at from origin`,
  });
  const { copied, timeline, restored_at: restoredAt } = row.parse(found);
  const now = timeline === null ? null : await currentTimeline(pool);
  return { copied, branched: now !== null && now !== timeline, restoredAt: restoredAt ?? undefined };
}

/** Null where this role may not ask, or the server has no such log. */
async function currentTimeline(pool: Pick<ConnectionPool, 'query'>): Promise<number | null> {
  try {
    const [found] = await pool.query({ text: `select ${timelineOf} as timeline` });
    return z.object({ timeline: int8 }).parse(found).timeline;
  } catch {
    return null;
  }
}

/** In a database that was restored, what has ended since the backup would live again. A failover may have lost nothing, so it is only told of. */
export function refuseRestored({ copied, branched }: Origin, logger: PersistenceLogger | undefined): void {
  if (copied)
    throw new UnfitServer(
      'This database was restored from a dump, and what has ended since would live again: stop every service, and run `signet database restored` first.',
    );
  if (branched)
    logger?.warn(
      {
        reason:
          'the server was recovered to a point in time, or failed over: if anything that was committed is lost, run `signet database restored`, else `signet database restored --nothing-lost`',
      },
      'database_timeline_changed',
    );
}

/** This database is the one that it is; `restored`: what it was before lives no more. Belongs in the transaction that sees to that. */
export const declareOrigin = statement<{ restored: boolean }, unknown>({
  name: 'persistence.origin.declare',
  text: `update origin set relation = 'origin'::regclass,
    timeline = case when timeline is not null then ${timelineOf} end,
    restored_at = case when $1::boolean then clock_timestamp() else restored_at end`,
  parameters: ({ restored }) => [restored],
  row: ignoredRow,
});

/** Connections of the service's other processes. */
export const countOthers = statement<{ service: string }, number>({
  name: 'persistence.origin.count-others',
  text: `select count(*) as others from pg_stat_activity
    where datname = current_database() and application_name = $1 and pid <> pg_backend_pid()`,
  parameters: ({ service }) => [`signet-${service}`],
  row: z.object({ others: int8 }).transform(({ others }) => others),
});
