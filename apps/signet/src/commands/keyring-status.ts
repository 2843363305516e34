import { sealedUnder, type Keyring } from '@signet/keys';
import { Database, DatabaseUnavailable } from '@signet/persistence';
import { sealedPages, unconfirmedPersonalParts, type SealedColumn, type ServiceDefinition } from '@signet/service';
import { command, CommandFailed, type CommandContext } from '../command.js';
import { databaseUrlOf } from '../database-url.js';
import { keyringOf } from '../keyring-files.js';
import { services } from '../services.js';

export const keyringStatus = command({
  words: ['keyring', 'status'],
  summary:
    "Counts what is sealed under each key at every service's database. Exit code 1 where a key is not in the keyring.",
  options: {},
  run: async (_, context) => {
    const keyring = await keyringOf(context);
    let code = 0;
    for (const service of services) {
      for (const { column, counts } of await countsOf(service, context)) {
        for (const [id, rows] of [...counts].sort()) {
          const state = stateOf(keyring, column, id);
          if (state === 'not in the keyring') code = 1;
          const what = `${service.name}  ${column.table}.${column.column}  ${column.purpose}`;
          context.out(`${what}  ${id}  ${rows} ${rows === 1 ? 'row' : 'rows'}  ${state}`);
        }
      }
    }
    return code;
  },
});

interface Counted {
  readonly column: SealedColumn;
  readonly counts: ReadonlyMap<string, number>;
}

async function countsOf({ name, sealed = [] }: ServiceDefinition, context: CommandContext): Promise<Counted[]> {
  const url = databaseUrlOf(name, context);
  const allowUnsafeDurability = context.environment['SIGNET_TEST'] === '1';
  try {
    const database = await Database.open({ url, allowUnsafeDurability, service: name, poolSize: 1, background: false });
    try {
      const counted: Counted[] = [];
      for (const column of [...sealed, unconfirmedPersonalParts])
        counted.push({ column, counts: await countsByKey(database, column) });
      return counted;
    } finally {
      await database.close();
    }
  } catch (error) {
    if (error instanceof DatabaseUnavailable)
      throw new CommandFailed(`${name}'s database does not answer: ${error.message}`);
    throw error;
  }
}

async function countsByKey(database: Database, column: SealedColumn): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for await (const page of sealedPages(database, column)) {
    for (const { sealed } of page) {
      const id = sealedUnder(sealed) ?? '?';
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
  }
  return counts;
}

function stateOf(keyring: Keyring, { purpose }: SealedColumn, id: string): string {
  if (keyring.byId(purpose, id) === undefined) return 'not in the keyring';
  return keyring.current(purpose).id === id ? 'in use' : 'older';
}
