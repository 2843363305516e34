import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventId, newId } from '@signet/contracts';
import type { Database } from '../src/index.js';
import { anEvent, suite, type Suite } from './suite.js';

const spent = ['uuid', 'timestamptz', 'bigint'].map((type) => ({
  name: `spent_${type}`,
  up: `create table spent_${type} (key ${type} primary key, note text not null default 'n') partition by range (key);
    create table spent_${type}_default partition of spent_${type} default`,
}));

const day = 86_400_000;
let one: Suite;
let database: Database;

beforeAll(async () => {
  one = await suite(spent);
});
afterAll(() => one.drop());
beforeEach(async () => {
  database = await one.open();
});
afterEach(async () => {
  for (const table of ['outbox', 'spent_uuid', 'spent_timestamptz', 'spent_bigint']) {
    for (const child of await partitions(table)) await one.admin.query(`drop table ${child}`);
    await one.admin.query(`truncate ${table}`);
  }
  await database.close();
});

const partitions = async (table: string) =>
  (
    await one.admin.query<{ name: string }>(
      `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = $1::regclass and c.relname not like '%default' order by 1`,
      [table],
    )
  ).rows.map((row) => row.name);
const partitionOf = async (table: string, key: string) =>
  (
    await one.admin.query<{ partition: string }>(
      `select tableoid::regclass::text as partition from ${table} where ${table === 'outbox' ? 'id' : 'key'} = $1`,
      [key],
    )
  ).rows[0]?.partition;

const today = async () => {
  const { rows } = await one.admin.query<{ now: number }>(
    'select extract(epoch from clock_timestamp())::float8 * 1000 as now',
  );
  return Math.floor((rows[0]?.now ?? 0) / day) * day;
};
const dated = (table: string, at: number) => `${table}_${new Date(at).toISOString().slice(0, 10).replaceAll('-', '')}`;
/** A UUIDv7 of that time. */
const idAt = (at: number) =>
  eventId.parse(
    `${at
      .toString(16)
      .padStart(12, '0')
      .replace(/(.{8})/, '$1-')}${newId(eventId).slice(13)}`,
  );
/** The least id of its millisecond. */
const zeroed = (id: string) => `${id.slice(0, 13)}-0000-0000-000000000000`;

describe('maintainPartitions', () => {
  it('makes the current partition and those ahead, once', async () => {
    const start = await today();
    const names = [0, 1, 2].map((index) => dated('outbox', start + index * day));
    await expect(
      database.maintainPartitions('outbox', { unit: 'day', ahead: 2, keep: 'until-empty' }),
    ).resolves.toEqual({ made: names, dropped: [] });
    await expect(
      database.maintainPartitions('outbox', { unit: 'day', ahead: 2, keep: 'until-empty' }),
    ).resolves.toEqual({ made: [], dropped: [] });
    expect(await partitions('outbox')).toEqual(names);
  });

  it('is done by one of ten replicas at once', async () => {
    const replicas: Database[] = [];
    for (let count = 0; count < 10; count += 1) replicas.push(await one.open({ poolSize: 1 }));
    const plan = { unit: 'day', ahead: 3, keep: 'until-empty' } as const;
    const done = await Promise.allSettled(replicas.map((replica) => replica.maintainPartitions('outbox', plan)));
    for (const replica of replicas) await replica.close();
    expect(done.filter((result) => result.status === 'rejected')).toEqual([]);
    const made = done.flatMap((result) => (result.status === 'fulfilled' ? result.value.made : []));
    expect(new Set(made).size).toBe(made.length);
    await database.maintainPartitions('outbox', plan);
    expect(await partitions('outbox')).toHaveLength(4);
  });

  it('bounds days by the head of a UUIDv7', async () => {
    const start = await today();
    await database.maintainPartitions('outbox', { unit: 'day', ahead: 1, keep: 'until-empty' });
    for (const [at, expected] of [
      [start - 1, 'outbox_default'],
      [start, dated('outbox', start)],
      [start + day - 1, dated('outbox', start)],
      [start + day, dated('outbox', start + day)],
      [start + 2 * day, 'outbox_default'],
    ] as const) {
      const event = anEvent({ id: idAt(at) });
      await database.record(event);
      expect(await partitionOf('outbox', event.id)).toBe(expected);
    }
  });

  it('moves what had gone to the default partition, with its state', async () => {
    const start = await today();
    const [now, later] = [anEvent({ id: idAt(start + 5) }), anEvent({ id: idAt(start + 10 * day) })];
    await database.record(now);
    await database.record(later);
    await database.outbox.markSent([now.id]);
    await database.maintainPartitions('outbox', { unit: 'day', ahead: 1, keep: 'until-empty' });
    expect(await partitionOf('outbox', now.id)).toBe(dated('outbox', start));
    expect(await partitionOf('outbox', later.id)).toBe('outbox_default');
    expect((await database.outbox.next(10)).map((row) => row.id)).toEqual([later.id]);
  });

  it('drops a past partition of the outbox only when it is empty', async () => {
    const start = await today();
    const old = [5, 4, 1].map((ago) => start - ago * day);
    for (const at of old) {
      const [from, to] = [idAt(at), idAt(at + day)].map(zeroed);
      await one.admin.query(
        `create table ${dated('outbox', at)} partition of outbox for values from ('${from}') to ('${to}')`,
      );
      await one.admin.query(`alter table ${dated('outbox', at)} owner to signet_owner`);
    }
    const kept = anEvent({ id: idAt(start - 4 * day + 7) });
    await database.record(kept);
    const { dropped } = await database.maintainPartitions('outbox', { unit: 'day', ahead: 0, keep: 'until-empty' });
    expect(dropped).toEqual([dated('outbox', start - 5 * day)]);
    await database.outbox.confirm([kept.id]);
    const again = await database.maintainPartitions('outbox', { unit: 'day', ahead: 0, keep: 'until-empty' });
    expect(again.dropped).toEqual([dated('outbox', start - 4 * day)]);
  });

  it.each([
    ['spent_uuid', (at: number) => idAt(at)],
    ['spent_timestamptz', (at: number) => new Date(at).toISOString()],
    ['spent_bigint', (at: number) => String(at * 1000)],
  ])('%s: by the hour, and dropped with its rows when it is older than is kept', async (table, key) => {
    const hour = 3_600_000;
    await database.maintainPartitions(table, { unit: 'hour', ahead: 1, keep: 2 });
    const [current] = await partitions(table);
    expect(current).toMatch(/_\d{10}$/);
    const [year = 0, month = 0, date, hours] = (/(\d{4})(\d\d)(\d\d)(\d\d)$/.exec(current ?? '') ?? [])
      .slice(1)
      .map(Number);
    const start = Date.UTC(year, month - 1, date, hours);
    const last = key(start + hour - 1);
    await one.admin.query(`insert into ${table} (key) values ($1)`, [last]);
    expect(await partitionOf(table, last)).toBe(current);

    // Those whose hour ended three, and two, hours before the current one began.
    const old = [4, 2].map((ago) => start - ago * hour);
    const names = old.map((at) => `${table}_${new Date(at).toISOString().replaceAll(/\D/g, '').slice(0, 10)}`);
    for (const [index, at] of old.entries()) {
      const [from, to] = [key(at), key(at + hour)].map((bound) => (table === 'spent_uuid' ? zeroed(bound) : bound));
      await one.admin.query(
        `create table ${names[index]} partition of ${table} for values from ('${from}') to ('${to}')`,
      );
      await one.admin.query(`alter table ${names[index]} owner to signet_owner`);
      await one.admin.query(`insert into ${table} (key) values ($1)`, [key(at + 1)]);
    }
    const { dropped } = await database.maintainPartitions(table, { unit: 'hour', ahead: 0, keep: 2 });
    expect(dropped).toEqual([names[0]]);
    expect(await partitions(table)).toContain(names[1]);
  });

  it('by the month of the calendar', async () => {
    const now = new Date(await today());
    const month = (units: number) => Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + units);
    const named = (units: number) => dated('spent_uuid', month(units)).slice(0, -2);
    const plan = { unit: 'month', ahead: 1, keep: 'until-empty' } as const;
    expect((await database.maintainPartitions('spent_uuid', plan)).made).toEqual([named(0), named(1)]);
    for (const [at, expected] of [
      [month(0) - 1, 'spent_uuid_default'],
      [month(0), named(0)],
      [month(1) - 1, named(0)],
      [month(1), named(1)],
    ] as const) {
      const key = idAt(at);
      await one.admin.query('insert into spent_uuid (key) values ($1)', [key]);
      expect(await partitionOf('spent_uuid', key)).toBe(expected);
    }
    for (const units of [-3, -2, -1]) {
      const [from, to] = [month(units), month(units + 1)].map((at) => zeroed(idAt(at)));
      await one.admin.query('truncate spent_uuid');
      await one.admin.query(
        `create table ${named(units)} partition of spent_uuid for values from ('${from}') to ('${to}')`,
      );
      await one.admin.query(`alter table ${named(units)} owner to signet_owner`);
    }
    await one.admin.query('insert into spent_uuid (key) values ($1)', [idAt(month(-3) + day)]);
    expect((await database.maintainPartitions('spent_uuid', plan)).dropped).toEqual([named(-2)]);
  });

  it('refuses what is not so partitioned', async () => {
    await expect(database.maintainPartitions('unraised_floor', { unit: 'day', ahead: 1, keep: 1 })).rejects.toThrow(
      TypeError,
    );
    await expect(
      database.maintainPartitions('outbox; drop table outbox', { unit: 'day', ahead: 1, keep: 1 }),
    ).rejects.toThrow(TypeError);
  });
});
