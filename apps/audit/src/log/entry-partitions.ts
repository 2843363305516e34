import type { Provider } from '@nestjs/common';
import { eventClasses } from '@signet/contracts';
import { Database, type PartitionPlan } from '@signet/persistence';
import { periodically, ServiceLogger } from '@signet/service';

/** Retention empties a month by tenants; the partition goes when none has an entry in it. */
const plan: PartitionPlan = { unit: 'month', ahead: 1, keep: 'until-empty' };

/** Seconds. */
const every = 600;

export async function maintainEntries(database: Pick<Database, 'maintainPartitions'>): Promise<void> {
  for (const name of eventClasses) await database.maintainPartitions(`entry_${name}`, plan);
}

export const entryPartitionProviders: Provider[] = [
  {
    provide: 'partitions of entries',
    inject: [Database, ServiceLogger],
    useFactory: async (database: Database, logger: ServiceLogger) => {
      // Without the current partition the default one serves.
      await maintainEntries(database).catch((error: unknown) => {
        logger.warn('partitions.unmaintained', { error });
      });
      return periodically('partitions.unmaintained', every, logger, () => maintainEntries(database));
    },
  },
];
