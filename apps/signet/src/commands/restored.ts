import { countOthers, Database, DatabaseUnavailable, declareOrigin, StatementFailed } from '@signet/persistence';
import { operatorEvents, type ServiceDefinition } from '@signet/service';
import { command, CommandFailed, type CommandContext } from '../command.js';
import { databaseUrlOf } from '../database-url.js';
import { services } from '../services.js';

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
    const databases: { readonly service: ServiceDefinition; readonly database: Database }[] = [];
    try {
      for (const service of services) databases.push({ service, database: await open(service, context) });
      for (const { service, database } of databases) await refuseRunning(service, database);
      for (const { service, database } of databases)
        for (const line of await declare(service, database, { anew, nothingLost }))
          context.out(`${service.name}: ${line}`);
    } finally {
      for (const { database } of databases) await database.close();
    }
  },
});

/** One connection, on which nothing runs by itself. */
async function open({ name, migrations }: ServiceDefinition, context: CommandContext): Promise<Database> {
  const url = databaseUrlOf(name, context);
  try {
    return await Database.open({
      ...{ url, service: name, migrations, poolSize: 1, patient: true, background: false, restored: 'expected' },
      allowUnsafeDurability: context.environment['SIGNET_TEST'] === '1',
    });
  } catch (error) {
    if (error instanceof DatabaseUnavailable || error instanceof StatementFailed)
      throw new CommandFailed(`the database of ${name} cannot be opened: ${error.message}`);
    throw error;
  }
}

async function refuseRunning({ name }: ServiceDefinition, database: Database): Promise<void> {
  const others = await database.first(countOthers, { service: name });
  if (others !== undefined && others > 0)
    throw new CommandFailed(`${name} runs (${others} connections to its database): stop every service first`);
}

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
