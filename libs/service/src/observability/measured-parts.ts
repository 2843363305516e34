import type { ServiceParts } from '../service-module.js';
import { version } from '../version.js';
import type { Metrics } from './metrics.js';

/** What is at hand of a service's connections and of its outbox. */
export function measureParts(metrics: Metrics, { database, link, configuration }: ServiceParts): void {
  const { outbox } = database;
  metrics.build.set({ version }, 1);
  metrics.gauge('signet_outbox_bytes', 'Size of the outbox, as last measured', () => outbox.bytes);
  metrics.gauge('signet_outbox_max_bytes', 'Size at which the outbox refuses', () => configuration.outboxMax);
  metrics.gauge('signet_outbox_full', '1 while what must be recorded is refused', () => Number(outbox.full));
  metrics.gauge(
    'signet_outbox_rows',
    'Events that audit has not confirmed, without those that are set aside, as last counted; no more than 10,000 are',
    () => outbox.waiting?.rows ?? 0,
  );
  metrics.gauge(
    'signet_outbox_set_aside',
    'Events that audit does not take, or not yet, as last counted, absent before that; no more than 10,000 are',
    () => outbox.waiting?.setAside,
  );
  metrics.gauge(
    'signet_outbox_oldest_seconds',
    'Age of the oldest event that audit has not confirmed, without those that are set aside; 0 where there is none',
    () => outbox.waiting?.oldestSeconds ?? 0,
  );
  metrics.gauge(
    'signet_database_connections_open',
    'Connections to Postgres that the pool has',
    () => database.connections.open,
  );
  metrics.gauge('signet_database_connections_used', 'Those of them that are lent out', () => database.connections.used);
  metrics.gauge(
    'signet_database_connections_waiting',
    'Statements and transactions that wait for a connection',
    () => database.connections.waiting,
  );
  metrics.gauge('signet_nats_up', '1 while NATS is connected', () => Number(link.isUp));
}
