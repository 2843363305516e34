import { Database, DatabaseUnavailable, listSetAside, sendAgain, type SetAside } from '@signet/persistence';
import { command, CommandFailed, type CommandContext } from '../command.js';
import { databaseUrlOf } from '../database-url.js';
import { harmless } from '../harmless.js';
import { services } from '../services.js';

const page = 200;
const beforeAll = '00000000-0000-0000-0000-000000000000';

export const eventsSetAside = command({
  words: ['events', 'set-aside'],
  summary:
    'Lists what was recorded and audit does not take, or not yet, out of every outbox. --send-again: has it sent at once, after what kept it from the log was mended.',
  usage: '[--send-again] [--json]',
  options: { 'send-again': { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
  run: async ({ 'send-again': again, json }, context) => {
    for (const { name } of services)
      await withDatabase(name, context, async (database) => {
        for await (const row of setAside(database)) context.out(harmless(json ? asJson(name, row) : asLine(name, row)));
        if (again) await database.execute(sendAgain, undefined);
      });
  },
});

async function* setAside(database: Database): AsyncGenerator<SetAside> {
  for (let after = beforeAll; ;) {
    const rows = await database.execute(listSetAside, { after, limit: page });
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < page) return;
    after = last.id;
  }
}

const asLine = (service: string, { id, subject, aggregate, version, reason, at }: SetAside): string =>
  `${service}  ${id}  ${reason}  ${aggregate} ${version}  ${subject}  ${at}`;

const asJson = (service: string, { leaf, ...row }: SetAside): string =>
  JSON.stringify({ service, ...row, leaf: Buffer.from(leaf).toString('utf8') });

async function withDatabase(
  service: (typeof services)[number]['name'],
  context: CommandContext,
  work: (database: Database) => Promise<void>,
): Promise<void> {
  const allowUnsafeDurability = context.environment['SIGNET_TEST'] === '1';
  const url = databaseUrlOf(service, context);
  try {
    const database = await Database.open({ url, service, allowUnsafeDurability, poolSize: 1, background: false });
    await work(database).finally(() => database.close());
  } catch (error) {
    if (error instanceof DatabaseUnavailable)
      throw new CommandFailed(`${service}'s database does not answer: ${error.message}`);
    throw error;
  }
}
