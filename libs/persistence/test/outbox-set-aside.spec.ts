import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventId, eventWaits, newId } from '@signet/contracts';
import { listSetAside, sendAgain, type Database } from '../src/index.js';
import { anEvent, suite, type Suite } from './suite.js';

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

const digestOf = (leaf: Uint8Array) => createHash('sha256').update(leaf).digest('base64url');
const recordAs = (aggregate: string, version: number, id = newId(eventId)) =>
  database.run((tx) => tx.record(anEvent({ id, aggregate, head: { version } }), version));
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
/** As if events were set aside for an hour, the oldest that there are. */
const fill = async (count: number, aggregates: number, reason: string) => {
  await one.admin.query(
    `insert into outbox (id, tenant_id, subject, aggregate, aggregate_version, leaf, sent_at, set_aside)
     select ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, $1, 'signet.events', 'other:' || n % $2::integer, n, 'leaf',
       clock_timestamp() + interval '1 hour', $3
     from generate_series(1, $4::integer) n`,
    [newId(eventId), aggregates, reason, count],
  );
  await one.admin.query('analyze outbox');
};
/** What Postgres has read of the outbox and its indexes, once it has counted so many rows put in and taken out. */
const read = async (put: number, taken: number) => {
  for (;;) {
    const { rows } = await one.admin.query<{ put: number; taken: number; read: number }>(
      `with leaf as (select relid from pg_partition_tree('outbox') where isleaf)
       select sum(n_tup_ins)::int as put, sum(n_tup_del)::int as taken,
         (sum(seq_tup_read) + (select sum(idx_tup_read) from pg_stat_all_indexes where relid in (select relid from leaf)))::int as read
       from pg_stat_all_tables where relid in (select relid from leaf)`,
    );
    const [found] = rows;
    if (found && found.put >= put && found.taken >= taken) return found;
  }
};

describe('what audit does not take', () => {
  it('is kept, sent again after a day, and does not keep back what is new', async () => {
    const [first, second] = await sent(2);
    if (!first || !second) throw new Error('nothing was sent');
    const refused = [first, second].map((event) => ({ ...event, reason: 'not_an_event' }));
    await expect(database.outbox.setAside(refused)).resolves.toHaveLength(2);
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
    await expect(database.outbox.setAside([foreign])).resolves.toEqual([]);
    expect((await secondsAhead())[0]).toBeLessThanOrEqual(0);
  });

  it('is known where it was set aside before for the same reason', async () => {
    const [event, other] = await sent(2);
    if (!event || !other) throw new Error('nothing was sent');
    const as = async (reason: string, ...events: (typeof event)[]) =>
      (await database.outbox.setAside(events.map((each) => ({ ...each, reason })))).map(
        ({ id, known }) => [id, known] as const,
      );
    expect(await as(eventWaits, event)).toEqual([[event.id, false]]);
    expect(await as('version_taken', event)).toEqual([[event.id, false]]);
    const both = await as('version_taken', event, other);
    expect(new Map(both)).toEqual(
      new Map([
        [event.id, true],
        [other.id, false],
      ]),
    );
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

  it('comes at once where what it waited for is confirmed, a hundred versions of its aggregate at a time', async () => {
    const other = anEvent({ aggregate: 'thing:a', tenantId: newId(eventId) as never });
    await database.run((tx) => tx.record(other, 2));
    for (const version of [1, 2, 3, 4, 101, 102]) await recordAs('thing:a', version);
    await recordAs('thing:b', 2);
    const rows = await database.outbox.next(10);
    await database.outbox.markSent(rows.map(({ id }) => id));
    const of = (version: number) => rows.find((row) => row.aggregate === 'thing:a' && row.aggregateVersion === version);
    const first = rows.find(({ aggregateVersion }) => aggregateVersion === 1);
    await database.outbox.setAside(
      rows.flatMap((row) =>
        row === first
          ? []
          : [
              {
                id: eventId.parse(row.id),
                digest: digestOf(row.leaf),
                reason: row.aggregateVersion === 4 ? 'not_an_event' : eventWaits,
              },
            ],
      ),
    );
    await one.admin.query(
      `update outbox set sent_at = clock_timestamp() + interval '1 hour' where set_aside is not null`,
    );
    expect(await database.outbox.next(10)).toEqual([]);
    await database.outbox.confirm([first?.id ?? '']);
    const due = await database.outbox.next(10);
    expect(due.map(({ aggregate, aggregateVersion }) => [aggregate, aggregateVersion])).toEqual([
      ['thing:a', 2],
      ['thing:a', 3],
      ['thing:a', 101],
    ]);
    expect(due[0]?.tenantId).not.toBe(other.tenantId);
    await database.outbox.markSent(due.map(({ id }) => id));
    await database.outbox.confirm([of(3)?.id ?? '']);
    expect((await database.outbox.next(10)).map(({ aggregateVersion }) => aggregateVersion)).toEqual([102]);
  });

  it.each([
    ['nothing', 0],
    ['much', 20_000],
  ])(
    'costs a confirmation nothing, also as a prepared statement of any number, while %s of others waits',
    async (_, count) => {
      const start = await read(0, 0);
      await fill(count, count, eventWaits);
      const { rows } = await one.admin.query<{ id: string }>(
        `insert into outbox (id, tenant_id, subject, aggregate, aggregate_version, leaf, sent_at)
       select gen_random_uuid(), $1, 'signet.events', 'thing:' || n, 1, 'leaf', clock_timestamp() from generate_series(1, 20000) n returning id`,
        [newId(eventId)],
      );
      await one.admin.query('analyze outbox');
      const before = await read(start.put + count + 20_000, start.taken);
      const rounds = 12;
      for (let round = 0; round < rounds; round += 1) {
        const ids = rows.slice(round * 100, (round + 1) * 100).map(({ id }) => id);
        await expect(database.outbox.confirm(ids)).resolves.toBe(100);
      }
      const after = await read(before.put, before.taken + rounds * 100);
      // What looks at the outbox by itself counts up to ten thousand, now and then.
      expect(after.read - before.read).toBeLessThan(rounds * 1_000);
    },
  );

  it('is counted by itself, and does not count as waiting', async () => {
    const [event] = await sent(1);
    if (!event) throw new Error('nothing was sent');
    await one.admin.query(`update outbox set id = '01900000-0000-7000-8000-000000000000'`);
    expect(database.outbox.waiting).toBeUndefined();
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

  it('is not passed over, however much and old it is, by whoever asks what waits', async () => {
    const empty = await read(0, 0);
    await fill(60_000, 60_000, 'not_an_event');
    const start = await read(empty.put + 60_000, empty.taken);
    const rounds = 10;
    await recordAs('thing:a', 1);
    await sent(1);
    await recordAs('thing:b', 1);
    for (let round = 0; round < rounds; round += 1) expect(await database.outbox.lag()).toBeLessThan(3_600);
    expect(database.outbox.waiting).toMatchObject({ rows: 3, setAside: 10_000 });
    const events = await sent(1);
    await database.outbox.confirm(events.map(({ id }) => id));
    const after = await read(start.put + 4, start.taken + 1);
    expect(after.read - start.read).toBeLessThan(rounds * 15_000);
  });

  it('holds back what is new where 50,000 events of 1,000 aggregates wait, and of few aggregates never', async () => {
    await recordAs('thing:a', 1);
    const counts = async () => {
      await database.outbox.lag();
      return [(await database.outbox.next(10)).length, database.outbox.waiting?.rows];
    };
    await fill(50_000, 999, eventWaits);
    expect(await counts()).toEqual([1, 1]);
    await one.admin.query(
      `update outbox set aggregate = 'other:more' where aggregate = 'other:0' and aggregate_version < 1000`,
    );
    expect(await counts()).toEqual([0, 1]);
    await one.admin.query(`delete from outbox where aggregate = 'other:1' and aggregate_version = 1`);
    expect(await counts()).toEqual([1, 1]);
  });
});
