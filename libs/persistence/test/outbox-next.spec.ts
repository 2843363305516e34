import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventId, newId } from '@signet/contracts';
import type { Database } from '../src/index.js';
import { anEvent, suite, until, type Suite } from './suite.js';

let one: Suite;
let database: Database;

beforeAll(async () => {
  one = await suite([]);
});
afterAll(() => one.drop());
beforeEach(async () => {
  await one.admin.query('truncate outbox');
  database = await one.open();
});
afterEach(() => database.close());

describe('next', () => {
  const recordAs = (aggregate: string, version: number, id = newId(eventId)) =>
    database.run((tx) => tx.record(anEvent({ id, aggregate, head: { version } }), version));
  const versions = async (limit: number) =>
    (await database.outbox.next(limit)).map((row) => `${row.aggregate} ${row.aggregateVersion}`);

  it('gives each aggregate in the order of its versions, whatever the order of ids', async () => {
    const [early, middle, late] = [newId(eventId), newId(eventId), newId(eventId)];
    await recordAs('thing:a', 1, late);
    await recordAs('thing:b', 1, middle);
    await recordAs('thing:a', 2, early);
    expect(await versions(10)).toEqual(['thing:b 1', 'thing:a 1', 'thing:a 2']);
  });

  it('takes lower versions along that a batch would leave behind', async () => {
    const [early, middle, late] = [newId(eventId), newId(eventId), newId(eventId)];
    await recordAs('thing:a', 1, late);
    await recordAs('thing:b', 1, middle);
    await recordAs('thing:a', 2, early);
    expect(await versions(1)).toEqual(['thing:a 1', 'thing:a 2']);
  });

  it('keeps one tenant’s aggregate apart from another’s of the same name', async () => {
    await recordAs('thing:a', 2);
    const other = anEvent({ aggregate: 'thing:a', tenantId: newId(eventId) as never });
    await database.run((tx) => tx.record(other, 1));
    expect(await versions(1)).toEqual(['thing:a 2']);
  });

  it('gives unsent rows, and sent ones again when they stay unconfirmed for 30 s', async () => {
    await recordAs('thing:a', 1);
    await recordAs('thing:b', 1);
    const [a, b] = await database.outbox.next(10);
    await database.outbox.markSent([a?.id ?? '', b?.id ?? '']);
    expect(await versions(10)).toEqual([]);
    await one.admin.query(`update outbox set sent_at = sent_at - interval '31 seconds' where id = $1`, [a?.id]);
    expect(await versions(10)).toEqual(['thing:a 1']);
    await database.outbox.markSent([a?.id ?? '']);
    expect(await versions(10)).toEqual([]);
  });

  it('gives nothing new while as many are under way as may be, and what stays unconfirmed all the same', async () => {
    const events = Array.from({ length: 5 }, () => anEvent());
    await Promise.all(events.map((event) => database.record(event)));
    const first = (await database.outbox.next(3, 3)).map(({ id }) => id);
    expect(first).toHaveLength(3);
    await database.outbox.markSent(first);
    expect(await database.outbox.next(1, 3)).toEqual([]);
    await database.outbox.confirm(first.slice(0, 1));
    expect(await database.outbox.next(1, 3)).toHaveLength(1);
    expect(await database.outbox.next(2, 3)).toEqual([]);
    await one.admin.query(`update outbox set sent_at = sent_at - interval '31 seconds' where sent_at is not null`);
    expect((await database.outbox.next(2, 2)).map(({ id }) => id).sort()).toEqual(first.slice(1).sort());
  });

  it('reads what it gives, and not all that waits, once it is a prepared statement of any number', async () => {
    await one.admin.query(
      `insert into outbox (id, tenant_id, subject, aggregate, aggregate_version, leaf, sent_at)
       select gen_random_uuid(), $1, 'signet.events', 'thing:' || n, 1, 'leaf', case when n <= 100 then clock_timestamp() end
       from generate_series(1, 20000) n`,
      [newId(eventId)],
    );
    await one.admin.query('analyze outbox');
    const read = async () => {
      const { rows } = await one.admin.query<{ put: number; whole: number; single: number }>(
        `select sum(n_tup_ins)::int as put, sum(seq_tup_read)::int as whole, sum(idx_tup_fetch)::int as single
         from pg_stat_all_tables where relid in (select relid from pg_partition_tree('outbox') where isleaf)`,
      );
      return rows[0] ?? { put: 0, whole: 0, single: 0 };
    };
    // Postgres counts later than it does.
    await until(async () => (await read()).put >= 20_000);
    const before = await read();
    const rounds = 12;
    for (let round = 0; round < rounds; round += 1) expect(await database.outbox.next(50)).toHaveLength(50);
    await until(async () => (await read()).single >= before.single + rounds * 50);
    // What looks at the outbox by itself counts up to ten thousand, now and then.
    expect((await read()).whole - before.whole).toBeLessThan(rounds * 10_000);
  });

  it('forgets what is confirmed, also what was never marked, and counts it once', async () => {
    await recordAs('thing:a', 1);
    await recordAs('thing:b', 1);
    const ids = (await database.outbox.next(10)).map((row) => row.id);
    await expect(database.outbox.confirm([...ids, newId(eventId)])).resolves.toBe(2);
    await expect(database.outbox.confirm(ids)).resolves.toBe(0);
    await expect(database.outbox.next(10)).resolves.toEqual([]);
  });

  it('tells how far behind it is', async () => {
    await expect(database.outbox.lag()).resolves.toBe(0);
    await recordAs('thing:a', 1, eventId.parse('01900000-0000-7000-8000-000000000000'));
    await expect(database.outbox.lag()).resolves.toBeGreaterThan(86_400);
  });
});
