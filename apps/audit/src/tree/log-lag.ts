import { int8, statement, type Database } from '@signet/persistence';
import { periodically, type Metrics, type Periodic, type ServiceLogger } from '@signet/service';
import { z } from 'zod';
import type { LogWriter } from '../log/log-writer.js';

/** Seconds between two readings. */
const readEvery = 5;

/** Only trees that are behind are looked at, a thousand at most: how many more there are changes no alarm. */
const readLag = statement<undefined, { waiting: number; seconds: number }>({
  name: 'audit.tree.lag',
  text: `
select coalesce(sum(behind.waiting), 0)::bigint as waiting,
  coalesce(greatest(0, max(extract(epoch from clock_timestamp()) - behind.since)), 0)::float8 as seconds
from (
  select head.size - coalesce(tree.size, 0) as waiting, (
    -- Milliseconds are the first 48 bits of a UUIDv7 (RFC 9562 section 5.7).
    select ('x' || substr(replace(entry.id::text, '-', ''), 1, 12))::bit(48)::bigint / 1000.0 from entry
    where entry.tenant_id = head.tenant_id and entry.index = coalesce(tree.size, 0)
  ) as since
  from log_head head left join tree using (tenant_id)
  where head.size > coalesce(tree.size, 0)
  limit 1000
) behind`,
  parameters: () => [],
  row: z.object({ waiting: int8, seconds: z.number().nonnegative() }),
});

/** Measures how far the signed log is behind the entries, which whatever reads checkpoints is behind with it. */
export function measuredLag(
  database: Database,
  metrics: Metrics,
  logger: ServiceLogger,
  writer: Pick<LogWriter, 'isWriting'>,
): Periodic {
  let lag = { waiting: 0, seconds: 0 };
  metrics.gauge('signet_audit_writing', '1 while this replica takes the event stream to the log', () =>
    Number(writer.isWriting),
  );
  metrics.gauge(
    'signet_audit_unsigned_entries',
    'Entries of audit logs that no checkpoint covers, as last read',
    () => lag.waiting,
  );
  metrics.gauge(
    'signet_audit_unsigned_seconds',
    'Time since the event of the first of them, as last read; 0 where there is none',
    () => lag.seconds,
  );
  return periodically('log_lag.unread', readEvery, logger, async () => {
    lag = (await database.first(readLag, undefined)) ?? lag;
  });
}
