import type { Provider } from '@nestjs/common';
import { eventClasses } from '@signet/contracts';
import { Database, type PartitionPlan } from '@signet/persistence';
import { periodically, ServiceLogger } from '@signet/service';

/** Retention empties a month by tenants; the partition goes when none has an entry in it. */
const plan: PartitionPlan = { unit: 'month', ahead: 1, keep: 'until-empty' };

/** Seconds. */
const every = 600;

/** Each class by itself: what is wrong with one lets no other run into its default partition. */
export async function maintainEntries(
  database: Pick<Database, 'maintainPartitions'>,
  logger: Pick<ServiceLogger, 'warn'>,
): Promise<void> {
  for (const name of eventClasses) {
    try {
      await database.maintainPartitions(`entry_${name}`, plan);
    } catch (error) {
      logger.warn('partitions.unmaintained', { class: name, error });
    }
  }
}

export const entryPartitionProviders: Provider[] = [
  {
    provide: 'partitions of entries',
    inject: [Database, ServiceLogger],
    useFactory: async (database: Database, logger: ServiceLogger) => {
      // Without the current partition the default one serves.
      await maintainEntries(database, logger);
      return periodically('partitions.unmaintained', every, logger, () => maintainEntries(database, logger));
    },
  },
];
