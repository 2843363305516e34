import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DatabaseUnavailable, type Database } from '../src/index.js';
import { suite, until, type Suite } from './suite.js';
import { insertThing, readThings, thing, wait } from './things.js';

let one: Suite;
let database: Database;

beforeAll(async () => {
  one = await suite([thing]);
});
afterAll(() => one.drop());
beforeEach(async () => {
  await one.admin.query('truncate thing, outbox');
  database = await one.open();
});
afterEach(() => database.close());

const things = () => database.execute(readThings, {});
const backendsAt = async (text: string) =>
  (
    await one.admin.query<{ pid: number }>(
      'select pid from pg_stat_activity where query like $1 and pid <> pg_backend_pid() and datname = current_database() and state <> $2',
      [text, 'idle'],
    )
  ).rows.map((row) => row.pid);

describe('what is too slow or gone', () => {
  it('gives up a lock after half a second', async () => {
    await database.execute(insertThing, { name: 'a', size: 1 });
    const other = await one.admin.connect();
    await other.query('begin');
    await other.query('lock table thing');
    const result = await database.execute(readThings, {}).catch((error: unknown) => error);
    await other.query('rollback');
    other.release();
    expect(result).toBeInstanceOf(DatabaseUnavailable);
    expect(result).toMatchObject({ code: '55P03' });
    await expect(things()).resolves.toHaveLength(1);
  });

  it('gives up a statement after three seconds', async () => {
    const result = await database.execute(wait, 30).catch((error: unknown) => error);
    expect(result).toBeInstanceOf(DatabaseUnavailable);
    expect(result).toMatchObject({ code: '57014' });
  });

  it('says so when no connection is free for a second', async () => {
    const single = await one.open({ poolSize: 1, connectTimeout: 1_000 });
    const busy = single.execute(wait, 2);
    await expect(single.execute(readThings, {})).rejects.toBeInstanceOf(DatabaseUnavailable);
    await busy;
    await single.close();
  });

  it.each(['statement', 'transaction', 'TypeORM query'])(
    'survives the end of its backend during a %s',
    async (kind) => {
      const single = await one.open({ poolSize: 1 });
      const running: Promise<unknown> =
        kind === 'statement'
          ? single.execute(wait, 2)
          : kind === 'transaction'
            ? single.run((tx) => tx.execute(wait, 2))
            : single.runWithEntities((tx) => tx.manager.query('select pg_sleep(2) /* held here */'));
      const failed = running.catch((error: unknown) => error);
      await until(async () => (await backendsAt('%held here%')).length > 0);
      await one.admin.query('select pg_terminate_backend(pid) from unnest($1::int[]) as pid', [
        await backendsAt('%held here%'),
      ]);
      expect(await failed).toBeInstanceOf(DatabaseUnavailable);
      await expect(single.execute(readThings, {})).resolves.toEqual([]);
      await expect(single.run((tx) => tx.execute(readThings, {}))).resolves.toEqual([]);
      await single.close();
    },
  );

  it('survives the end of an idle backend, and of a transaction between two statements', async () => {
    const lost: string[] = [];
    const single = await one.open({
      poolSize: 1,
      logger: { info: () => undefined, warn: (_, event) => lost.push(event) },
    });
    const terminate = () =>
      one.admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'signet_owner' and datname = current_database()`,
      );
    const run = single.run(async (tx) => {
      await tx.execute(insertThing, { name: 'a', size: 1 });
      await terminate();
      await until(async () => {
        const { rows } = await one.admin.query(
          `select from pg_stat_activity where usename = 'signet_owner' and datname = current_database()`,
        );
        return rows.length === 0;
      });
      await tx.execute(insertThing, { name: 'b', size: 1 });
    });
    await expect(run).rejects.toBeInstanceOf(DatabaseUnavailable);
    await expect(single.execute(readThings, {})).resolves.toEqual([]);
    await terminate();
    await until(() => Promise.resolve(lost.includes('database_connection_lost')));
    await expect(single.execute(readThings, {})).resolves.toEqual([]);
    await single.close();
  });

  it('is unavailable when closed, after letting what was under way end', async () => {
    const closing = await one.open();
    const running = closing.execute(wait, 0.1);
    await closing.close();
    await expect(running).resolves.toHaveLength(1);
    await expect(closing.execute(readThings, {})).rejects.toBeInstanceOf(DatabaseUnavailable);
  });
});
