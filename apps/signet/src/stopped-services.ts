import {
  countOthers,
  Database,
  DatabaseUnavailable,
  MigrationChanged,
  StatementFailed,
  UnfitServer,
} from '@signet/persistence';
import type { ServiceDefinition } from '@signet/service';
import { CommandFailed, type CommandContext } from './command.js';
import { databaseUrlOf } from './database-url.js';
import { services } from './services.js';

export interface StoppedService {
  readonly service: ServiceDefinition;
  readonly database: Database;
}

/** Does `work` with the database of every service, none of which may run meanwhile. One connection each, on which nothing runs by itself. */
export async function withStoppedServices(
  context: CommandContext,
  work: (stopped: readonly StoppedService[]) => Promise<void>,
): Promise<void> {
  const stopped: StoppedService[] = [];
  try {
    for (const service of services) stopped.push({ service, database: await open(service, context) });
    for (const each of stopped) await refuseRunning(each);
    await work(stopped);
  } finally {
    for (const { database } of stopped) await database.close();
  }
}

async function open({ name, migrations }: ServiceDefinition, context: CommandContext): Promise<Database> {
  const url = databaseUrlOf(name, context);
  try {
    return await Database.open({
      ...{ url, service: name, migrations, poolSize: 1, patient: true, background: false, restored: 'expected' },
      allowUnsafeDurability: context.environment['SIGNET_TEST'] === '1',
    });
  } catch (error) {
    if ([DatabaseUnavailable, StatementFailed, UnfitServer, MigrationChanged].some((kind) => error instanceof kind))
      throw new CommandFailed(`the database of ${name} cannot be opened: ${(error as Error).message}`);
    throw error;
  }
}

async function refuseRunning({ service: { name }, database }: StoppedService): Promise<void> {
  const others = await database.first(countOthers, { service: name });
  if (others !== undefined && others > 0)
    throw new CommandFailed(`${name} runs (${others} connections to its database): stop every service first`);
}
