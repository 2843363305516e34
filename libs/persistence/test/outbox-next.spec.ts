import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventId, eventWaits, newId } from '@signet/contracts';
import { listSetAside, sendAgain, type Database } from '../src/index.js';
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

  describe('what audit does not take', () => {
    const digestOf = (leaf: Uint8Array) => createHash('sha256').update(leaf).digest('base64url');
    const sent = async (count: number) => {
      const events = Array.from({ length: count }, () => anEvent());
      await Promise.all(events.map((event) => database.record(event)));
      const rows = await database.outbox.next(count);
      await database.outbox.markSent(rows.map(({ id }) => id));
      return rows.map(({ id, leaf }) => ({ id: eventId.parse(id), digest: digestOf(leaf) }));
    };
    const secondsAhead = async () => {
      const { rows } = await one.admin.query<{ seconds: number }>(
        'select extract(epoch from sent_at - clock_timestamp())::float8 as seconds from outbox',
      );
      return rows.map(({ seconds }) => seconds);
    };

    it('is kept, sent again after a day, and does not keep back what is new', async () => {
      const [first, second] = await sent(2);
      if (!first || !second) throw new Error('nothing was sent');
      const refused = [first, second].map((event) => ({ ...event, reason: 'not_an_event' }));
      await expect(database.outbox.setAside(refused)).resolves.toBe(2);
      await database.record(anEvent());
      expect(await database.outbox.next(1, 1)).toHaveLength(1);
      const again = (await database.outbox.next(10)).map(({ id }) => id);
      expect(again).toHaveLength(1);
      expect(again).not.toContain(first.id);
      await one.admin.query(`update outbox set sent_at = sent_at - interval '1 day 31 seconds' where id = $1`, [
        first.id,
      ]);
      expect((await database.outbox.next(10)).map(({ id }) => id)).toContain(first.id);
      await database.outbox.markSent([first.id]);
      await expect(database.outbox.confirm([first.id, second.id])).resolves.toBe(2);
    });

    it('is not set aside for what somebody else sent under its id', async () => {
      const [event] = await sent(1);
      if (!event) throw new Error('nothing was sent');
      const foreign = { ...event, digest: digestOf(Buffer.from('{}')), reason: 'not_json' };
      await expect(database.outbox.setAside([foreign])).resolves.toBe(0);
      expect((await secondsAhead())[0]).toBeLessThanOrEqual(0);
    });

    it.each([
      ['soon, where it waits and is young', 0, 60],
      ['after half its age, where it waits', 1_000_000, 500],
      ['after an hour at most', 100_000_000, 3_600],
    ])('comes again %s', async (_, age, seconds) => {
      const id = eventId.parse(
        newId(eventId).replace(/^.{13}/, (Date.now() - age).toString(16).padStart(12, '0').replace(/^.{8}/, '$&-')),
      );
      await recordAs('thing:a', 2, id);
      const [row] = await database.outbox.next(1);
      await database.outbox.setAside([{ id, digest: digestOf(row?.leaf ?? Buffer.of()), reason: eventWaits }]);
      expect(Math.abs(((await secondsAhead())[0] ?? Infinity) - seconds)).toBeLessThanOrEqual(60);
    });

    it('is counted by itself, and does not count as waiting', async () => {
      const [event] = await sent(1);
      if (!event) throw new Error('nothing was sent');
      await one.admin.query(`update outbox set id = '01900000-0000-7000-8000-000000000000'`);
      await database.outbox.setAside([
        { ...event, id: eventId.parse('01900000-0000-7000-8000-000000000000'), reason: 'version_taken' },
      ]);
      await expect(database.outbox.lag()).resolves.toBe(0);
      expect(database.outbox.waiting).toEqual({ rows: 0, oldestSeconds: 0, setAside: 1 });
      expect(
        await database.execute(listSetAside, { after: '00000000-0000-0000-0000-000000000000', limit: 2 }),
      ).toMatchObject([{ reason: 'version_taken', version: 1 }]);
      await database.execute(sendAgain, undefined);
      await expect(database.outbox.next(10)).resolves.toHaveLength(1);
    });
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
