import { DatabaseUnavailable } from '@signet/persistence';
import type { ServiceParts } from './service-module.js';

/** What a service depends on, for people and alarms; readiness does not follow it, or one outage would take every replica out. */
export interface Health {
  readonly ready: boolean;
  readonly database: 'up' | 'down';
  readonly nats: 'up' | 'down';
  /** `full`: at its ceiling, so that what must be recorded is refused. */
  readonly outbox: { readonly full: boolean; readonly bytes: number | null; readonly secondsBehind: number | null };
  /** Whether Postgres' time is known well enough to act on. */
  readonly clock: 'known' | 'unknown';
}

export async function healthOf({ database, link }: ServiceParts, ready: boolean): Promise<Health> {
  const up = await database.healthy();
  return {
    ready,
    database: up ? 'up' : 'down',
    nats: link.isUp ? 'up' : 'down',
    outbox: { full: database.outbox.full, ...(await fillOf(database)) },
    clock: database.clock.known() ? 'known' : 'unknown',
  };
}

async function fillOf({
  outbox,
}: ServiceParts['database']): Promise<Pick<Health['outbox'], 'bytes' | 'secondsBehind'>> {
  try {
    const [bytes, secondsBehind] = await Promise.all([outbox.measure(), outbox.lag()]);
    return { bytes, secondsBehind };
  } catch (error) {
    if (error instanceof DatabaseUnavailable) return { bytes: null, secondsBehind: null };
    throw error;
  }
}
