import type { Provider } from '@nestjs/common';
import { Database } from '@signet/persistence';
import { EventFactory, periodically, ServiceLogger } from '@signet/service';
import { Sweeps } from './sweeps.js';

/** Name of its failures, seconds between two rounds, and the round. */
const rounds: readonly (readonly [string, number, (sweeps: Sweeps) => Promise<void>])[] = [
  ['families.unswept', 10, (sweeps) => sweeps.families()],
  ['floors.undated', 1, (sweeps) => sweeps.undatedFloors()],
  ['floors.unswept', 60, (sweeps) => sweeps.floors()],
  ['partitions.unmaintained', 600, (sweeps) => sweeps.partitions()],
];

export const sweepProviders: Provider[] = [
  {
    provide: Sweeps,
    inject: [Database, EventFactory, ServiceLogger],
    useFactory: async (database: Database, events: EventFactory, logger: ServiceLogger) => {
      const sweeps = new Sweeps(database, events);
      // Without the current partition the default one serves.
      await sweeps.partitions().catch((error: unknown) => {
        logger.warn('partitions.unmaintained', { error });
      });
      return sweeps;
    },
  },
  ...rounds.map(([name, seconds, round]): Provider => ({
    provide: `round: ${name}`,
    inject: [Sweeps, ServiceLogger],
    useFactory: (sweeps: Sweeps, logger: ServiceLogger) => periodically(name, seconds, logger, () => round(sweeps)),
  })),
];
