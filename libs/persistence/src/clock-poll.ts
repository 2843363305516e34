import type { Micros } from '@signet/contracts';
import type { PoolClient } from 'pg';
import { z } from 'zod';
import { micros, nowMicros } from './row-types.js';

const row = z.object({ at: micros });

/** One reading of Postgres' time; the times around it leave out the wait for a connection. */
export async function readTime(client: PoolClient): Promise<{ at: Micros; sentAt: number; receivedAt: number }> {
  const sentAt = performance.now();
  const { rows } = await client.query<Record<string, unknown>>({
    name: 'persistence.clock.read',
    text: `select ${nowMicros} as at`,
  });
  return { at: row.parse(rows[0]).at, sentAt, receivedAt: performance.now() };
}
