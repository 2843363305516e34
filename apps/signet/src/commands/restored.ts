import { declareOrigin, type Database } from '@signet/persistence';
import { operatorEvents, type ServiceDefinition } from '@signet/service';
import { command, CommandFailed } from '../command.js';
import { withStoppedServices } from '../stopped-services.js';

interface Asked {
  /** Also where nothing shows that it was restored. */
  readonly anew: boolean;
  readonly nothingLost: boolean;
}

export const databaseRestored = command({
  words: ['database', 'restored'],
  summary:
    'After a restore from a backup, while no service runs: ends what would live again, so that everybody signs in anew. May be repeated. --anew: also where nothing shows that this is a restore (a copy of the volume). --nothing-lost: this is a move or a failover without any loss, and nothing ends.',
  usage: '[--anew | --nothing-lost]',
  options: { anew: { type: 'boolean', default: false }, 'nothing-lost': { type: 'boolean', default: false } },
  run: async ({ anew, 'nothing-lost': nothingLost }, context) => {
    if (anew && nothingLost) throw new CommandFailed('--anew and --nothing-lost exclude each other');
    await withStoppedServices(context, async (stopped) => {
      for (const { service, database } of stopped)
        for (const line of await declare(service, database, { anew, nothingLost }))
          context.out(`${service.name}: ${line}`);
    });
  },
});

async function declare(
  { afterRestore }: ServiceDefinition,
  database: Database,
  { anew, nothingLost }: Asked,
): Promise<readonly string[]> {
  const { copied = false, branched = false } = database.origin ?? {};
  if (!copied && !branched && !anew) return ['nothing shows that it was restored, or it was declared already'];
  return database.run(async (tx) => {
    await tx.execute(declareOrigin, { restored: !nothingLost });
    if (nothingLost) return ['known as it is now; nothing ends'];
    const done = (await afterRestore?.(tx, operatorEvents(database))) ?? [];
    return ['declared', ...done];
  });
}
