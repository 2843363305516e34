import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import {
  composed,
  Conflict,
  DatabaseUnavailable,
  microsOf,
  micros,
  RowMismatch,
  statement,
  StatementFailed,
  timestampOf,
  TransactionConflict,
  UnfitServer,
  Database,
} from '../src/index.js';
import { anEvent, gate, suite, type Suite } from './suite.js';
import { insertThing, readThings, resize, thing } from './things.js';

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
describe('execute', () => {
  it('runs a prepared statement under its name and parses the rows', async () => {
    await expect(database.execute(insertThing, { name: 'a', size: 1 })).resolves.toEqual([{ name: 'a' }]);
    await expect(things()).resolves.toEqual([{ name: 'a', size: 1 }]);
    await expect(database.first(readThings, {})).resolves.toEqual({ name: 'a', size: 1 });
  });

  it('prepares once a connection', async () => {
    const single = await one.open({ poolSize: 1 });
    const prepared = statement<object, { name: string; generic: string; custom: string }>({
      name: 'owner.thing.prepared',
      text: `select name, generic_plans::text as generic, custom_plans::text as custom from pg_prepared_statements where name like 'owner.%'`,
      parameters: () => [],
      row: z.object({ name: z.string(), generic: z.string(), custom: z.string() }),
    });
    for (let i = 0; i < 3; i++) await single.execute(prepared, {});
    await expect(single.execute(prepared, {})).resolves.toMatchObject([{ name: 'owner.thing.prepared' }]);
    await single.close();
  });

  it('prepares nothing of a composed statement', async () => {
    const single = await one.open({ poolSize: 1 });
    const row = z.object({ prepared: z.int() });
    const text = `select count(*)::int as prepared from pg_prepared_statements where statement like '%$1::text%'`;
    const asked = composed({
      name: 'owner.thing.composed',
      text: `${text} and $1::text is not null`,
      values: ['x'],
      row,
    });
    for (let i = 0; i < 2; i++) {
      await expect(single.execute(asked, undefined)).resolves.toEqual([{ prepared: 0 }]);
      await expect(single.run((tx) => tx.execute(asked, undefined))).resolves.toEqual([{ prepared: 0 }]);
    }
    await single.close();
  });

  it('refuses a row that does not fit, naming the statement', async () => {
    const misfit = statement<object, { size: string }>({
      name: 'owner.thing.misfit',
      text: 'select 1 as size',
      parameters: () => [],
      row: z.object({ size: z.string() }),
    });
    await expect(database.execute(misfit, {})).rejects.toThrow(RowMismatch);
    await expect(database.execute(misfit, {})).rejects.toThrow('owner.thing.misfit');
  });

  it('gives a Conflict with the constraint, and keeps the connection', async () => {
    const single = await one.open({ poolSize: 1 });
    const backend = statement<object, { pid: number }>({
      name: 'owner.thing.backend',
      text: 'select pg_backend_pid() as pid',
      parameters: () => [],
      row: z.object({ pid: z.int() }),
    });
    const before = await single.first(backend, {});
    await single.execute(insertThing, { name: 'a', size: 1 });
    const conflict = await single.execute(insertThing, { name: 'a', size: 1 }).catch((error: unknown) => error);
    expect(conflict).toBeInstanceOf(Conflict);
    expect(conflict).toMatchObject({ constraint: 'thing_pkey' });
    expect(await single.first(backend, {})).toEqual(before);
    await single.close();
  });

  it('refuses a text with NUL cleanly, beside others that pass', async () => {
    const results = await Promise.allSettled(
      ['a', 'b\0', 'c'].map((name) => database.execute(insertThing, { name, size: 1 })),
    );
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: expect.any(StatementFailed) as unknown });
  });

  it('tells metrics and failpoints of each statement', async () => {
    const seen: string[] = [];
    const watched = await one.open({
      metrics: (name) => seen.push(name),
      failpoint: (name, detail) => seen.push(`${name}:${detail}`),
    });
    seen.length = 0;
    await watched.execute(insertThing, { name: 'a', size: 1 });
    expect(seen).toEqual(['owner.thing.insert', 'before-commit:owner.thing.insert', 'after-commit:owner.thing.insert']);
    seen.length = 0;
    await watched.run((tx) => tx.execute(insertThing, { name: 'b', size: 1 }));
    const told = ['owner.thing.insert', 'persistence.transaction.end'];
    const around = [...told.map((name) => `before-commit:${name}`), ...told.map((name) => `after-commit:${name}`)];
    expect(seen).toEqual(['persistence.transaction.begin', ...told, ...around]);
    await watched.runWithEntities(() => Promise.resolve()); // TypeORM has questions of its own at first
    seen.length = 0;
    await watched.runWithEntities(async (tx) => {
      await tx.execute(insertThing, { name: 'c', size: 1 });
      await tx.manager.query('select 1');
    });
    const [insert = '', end = ''] = told;
    expect(seen).toEqual(['persistence.transaction.begin', insert, 'persistence.manager.query', end, ...around]);
    await watched.close();
  });
});

describe('run', () => {
  it('commits all of it', async () => {
    await database.runWithEntities(async (tx) => {
      await tx.execute(insertThing, { name: 'a', size: 1 });
      await tx.manager.query('insert into thing (name, size) values ($1, $2)', ['b', 2]);
      await tx.record(anEvent(), 3);
    });
    await expect(things()).resolves.toHaveLength(2);
    const { rows } = await one.admin.query('select aggregate_version from outbox');
    expect(rows).toEqual([{ aggregate_version: '3' }]);
  });

  it('rolls all of it back when the work fails, keeps the work’s error and the connection', async () => {
    const single = await one.open({ poolSize: 1 });
    const before = await single.runWithEntities((tx) =>
      tx.manager.query<{ pid: number }[]>('select pg_backend_pid() as pid'),
    );
    const failure = new RangeError('the work’s own');
    const run = single.run(async (tx) => {
      await tx.execute(insertThing, { name: 'a', size: 1 });
      await tx.record(anEvent());
      throw failure;
    });
    await expect(run).rejects.toBe(failure);
    await expect(things()).resolves.toEqual([]);
    await expect(database.outbox.next(10)).resolves.toEqual([]);
    expect(
      await single.runWithEntities((tx) => tx.manager.query<{ pid: number }[]>('select pg_backend_pid() as pid')),
    ).toEqual(before);
    await single.close();
  });

  it('maps what goes wrong inside TypeORM', async () => {
    const run = database.runWithEntities((tx) => tx.manager.query(`insert into thing values ('a', 1), ('a', 2)`));
    await expect(run).rejects.toBeInstanceOf(Conflict);
  });

  it('does not pass for committed when a failure inside was swallowed', async () => {
    const run = database.run(async (tx) => {
      await tx.execute(insertThing, { name: 'a', size: 1 });
      await tx.execute(insertThing, { name: 'a', size: 1 }).catch(() => undefined);
    });
    await expect(run).rejects.toBeInstanceOf(StatementFailed);
    await expect(things()).resolves.toEqual([]);
  });

  it('may use a savepoint', async () => {
    await database.runWithEntities(async (tx) => {
      await tx.execute(insertThing, { name: 'a', size: 1 });
      await tx.manager
        .transaction(async (inner) => {
          await inner.query(`insert into thing values ('b', 1)`);
          throw new RangeError('back to the savepoint');
        })
        .catch(() => undefined);
    });
    await expect(things()).resolves.toEqual([{ name: 'a', size: 1 }]);
  });

  it('refuses statements when it is over', async () => {
    const late = await database.run((tx) => Promise.resolve(tx));
    await expect(late.execute(readThings, {})).rejects.toThrow('over');
  });

  it('nudges the relay after its commit, and only if it recorded', async () => {
    let nudges = 0;
    const off = database.outbox.onRecorded(() => nudges++);
    await database.run((tx) => tx.execute(insertThing, { name: 'a', size: 1 }));
    expect(nudges).toBe(0);
    await database.run(async (tx) => {
      await tx.record(anEvent());
      expect(nudges).toBe(0);
    });
    expect(nudges).toBe(1);
    off();
    await database.run((tx) => tx.record(anEvent()));
    expect(nudges).toBe(1);
  });

  it('gives a deadlock’s victim a TransactionConflict, and repeats nothing', async () => {
    await database.execute(insertThing, { name: 'a', size: 1 });
    await database.execute(insertThing, { name: 'b', size: 1 });
    let calls = 0;
    const cross = (first: string, second: string, met: Promise<void>, meet: () => void) =>
      database.runWithEntities(async (tx) => {
        calls++;
        // Postgres looks for deadlocks after a second; our lock timeout would come before.
        await tx.manager.query(`set local lock_timeout = '3s'`);
        await tx.execute(resize, { name: first, size: 2 });
        meet();
        await met;
        await tx.execute(resize, { name: second, size: 2 });
      });
    const [a, b] = [gate(), gate()];
    const results = await Promise.allSettled([
      cross('a', 'b', b.reached, a.reach),
      cross('b', 'a', a.reached, b.reach),
    ]);
    const failed = results.filter((result) => result.status === 'rejected');
    expect(failed).toHaveLength(1);
    expect(failed[0]?.reason).toBeInstanceOf(TransactionConflict);
    expect(calls).toBe(2);
  });
});

describe('open', () => {
  it('refuses a server that may lose commits', async () => {
    const { rows } = await one.admin.query<{ unsafe: boolean }>(
      `select current_setting('fsync') = 'off' or current_setting('synchronous_commit') = 'off' as unsafe`,
    );
    if (!rows[0]?.unsafe) await one.admin.query('alter role signet_owner set synchronous_commit = off');
    await expect(Database.open({ url: one.url, service: 'owner' })).rejects.toBeInstanceOf(UnfitServer);
    await one.admin.query('alter role signet_owner reset synchronous_commit');
  });

  it('is DatabaseUnavailable where no server answers', async () => {
    const url = Object.assign(new URL(one.url), { port: '1' }).href;
    await expect(Database.open({ url, service: 'owner' })).rejects.toBeInstanceOf(DatabaseUnavailable);
  });

  it('does not let the URL choose another schema', async () => {
    const elsewhere = await one.open({ url: `${one.url}?options=-c%20search_path%3Dpublic` });
    await expect(elsewhere.execute(readThings, {})).resolves.toEqual([]);
    await elsewhere.close();
  });
});

describe('time', () => {
  const storeTime = statement<{ at: number }, { at: number }>({
    name: 'owner.thing.time',
    text: `insert into thing (name, size, at) values ('at', 0, ${timestampOf('$1')}) returning ${microsOf('at')} as at`,
    parameters: ({ at }) => [at],
    row: z.object({ at: micros }),
  });

  it.each([0, 1_795_424_400_123_457, 1_795_424_400_999_999, 4_102_444_799_999_999])(
    'keeps %i microseconds exactly',
    async (at) => {
      await expect(database.execute(storeTime, { at })).resolves.toEqual([{ at }]);
    },
  );

  it('is Postgres’, within the round trip', async () => {
    await database.pollClock();
    const { rows } = await one.admin.query<{ at: string }>(`select ${microsOf('clock_timestamp()')} as at`);
    expect(Math.abs(database.now() - Number(rows[0]?.at))).toBeLessThan(2_000_000);
  });

  it('is read again and again', async () => {
    const polling = await one.open({ background: true });
    const observe = polling.clock.observe.bind(polling.clock);
    const readings = gate();
    let count = 0;
    polling.clock.observe = (at, sentAt, receivedAt) => {
      observe(at, sentAt, receivedAt);
      if (++count === 2) readings.reach();
    };
    await readings.reached;
    await polling.close();
  });

  it('answers whether it is healthy', async () => {
    await expect(database.healthy()).resolves.toBe(true);
    const closed = await one.open();
    await closed.close();
    await expect(closed.healthy()).resolves.toBe(false);
  });
});
