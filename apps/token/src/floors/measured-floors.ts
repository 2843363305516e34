import type { Metrics } from '@signet/service';
import { Floors, type FloorReader } from './floors.js';

/** The floors, and how far behind Postgres this replica knows them. */
export function measuredFloors(reader: FloorReader, metrics: Metrics): Floors {
  const seen = metrics.histogram(
    'signet_floor_seen_seconds',
    'Time from the commit of a revocation floor to the poll by which this replica learned of it; floors of its own apart',
  );
  const floors = new Floors({
    reader,
    onSeen: (seconds) => {
      seen.observe(seconds);
    },
  });
  metrics.gauge(
    'signet_floor_poll_age_seconds',
    'Time since the last good poll of the revocation floors began; over 0.8 a request polls first',
    () => floors.age,
  );
  return floors;
}
