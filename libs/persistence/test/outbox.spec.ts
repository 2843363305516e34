import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventId, newId } from '@signet/contracts';
import { z } from 'zod';
import {
  advanceConsumerPosition,
  type Database,
  dropUnraisedFloors,
  eventParameter,
  keepUnraisedFloor,
  listUnraisedFloors,
  OutboxFull,
  readConsumerPosition,
  recordEventParameters,
  statement,
  StatementFailed,
  type OutboxRow,
} from '../src/index.js';
import { anEvent, suite, until, type Suite } from './suite.js';

let one: Suite;
let database: Database;

beforeAll(async () => {
  one = await suite([{ name: 'counter', up: 'create table counter (id text primary key, version bigint not null)' }]);
});
afterAll(() => one.drop());
beforeEach(async () => {
  await one.admin.query('truncate outbox, counter, unraised_floor, consumer_position, applied_plan');
  database = await one.open();
});
afterEach(() => database.close());

const json = (row: OutboxRow | undefined) =>
  JSON.parse(Buffer.from(row?.leaf ?? []).toString('utf8')) as Record<string, unknown>;

describe('record', () => {
  it('stores leaf, aggregate and sealed personal part', async () => {
    const event = anEvent({
      head: { specversion: '1.0', data: { reason: 'Zoë – 字' } },
      personal: Buffer.from('00ff10', 'hex'),
    });
    await database.record(event);
    const [row] = await database.outbox.next(10);
    expect(row).toMatchObject({
      id: event.id,
      tenantId: event.tenantId,
      subject: event.subject,
      aggregate: event.aggregate,
      aggregateVersion: 1,
    });
    expect(json(row)).toEqual({ specversion: '1.0', data: { reason: 'Zoë – 字' }, aggregateversion: 1 });
    expect(row?.personal).toEqual(Buffer.from('00ff10', 'hex'));
  });

  it('shares commits among many at once', async () => {
    const names: string[] = [];
    const counted = await one.open({ metrics: (name) => names.push(name) });
    const events = Array.from({ length: 500 }, () => anEvent());
    await Promise.all(events.map((event) => counted.record(event)));
    expect(names.filter((name) => name === 'persistence.outbox.record-many').length).toBeLessThanOrEqual(3);
    const { rows } = await one.admin.query<{ ids: string; transactions: string }>(
      'select count(*) as ids, count(distinct xmin::text) as transactions from outbox',
    );
    expect(rows[0]).toEqual({
      ids: '500',
      transactions: String(names.filter((name) => name.endsWith('record-many')).length),
    });
    await counted.close();
  });

  it('resolves only when the row can be seen by others', async () => {
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        const event = anEvent();
        await database.record(event);
        const { rows } = await one.admin.query('select from outbox where id = $1', [event.id]);
        expect(rows).toHaveLength(1);
      }),
    );
  });

  it('keeps the others of a batch when one is refused', async () => {
    const bad = anEvent({ aggregate: 'thing:\0' });
    const events = [anEvent(), bad, anEvent(), anEvent({ head: { text: '\ud800' } }), anEvent()];
    const results = await Promise.allSettled(events.map((event) => database.record(event)));
    expect(results.map((result) => result.status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(results[1]).toMatchObject({ reason: expect.any(StatementFailed) as unknown });
    expect((await database.outbox.next(10)).map((row) => row.id)).toEqual([
      events[0]?.id,
      events[2]?.id,
      events[4]?.id,
    ]);
  });

  it('stores an event once that is recorded again', async () => {
    const event = anEvent();
    await database.record(event);
    await database.record(event);
    await expect(database.outbox.next(10)).resolves.toHaveLength(1);
  });

  it('nudges', async () => {
    let nudges = 0;
    database.outbox.onRecorded(() => nudges++);
    await database.record(anEvent());
    expect(nudges).toBe(1);
  });
});

describe('record_event', () => {
  const count = statement<
    { id: string; extra?: Record<string, unknown>; event: ReturnType<typeof anEvent> },
    { version: number }
  >({
    name: 'owner.counter.increment',
    text: `insert into counter as c (id, version) values ($9, 1)
      on conflict (id) do update set version = c.version + 1
      returning version::int as version,
        record_event($1, $2, $3, $4, version, $6::jsonb, jsonb_build_object('data', jsonb_build_object('rowversion', version)) || coalesce($7::jsonb, '{}'), $8)
        as event, $5::int as unused`,
    parameters: ({ id, extra, event }) => [...recordEventParameters(event, 0, extra), id],
    row: z.object({ version: z.int() }),
    records: true,
  });

  it('takes the version from the row that the statement locked, for twenty at once', async () => {
    const head = { data: { kind: 'counter' } };
    await Promise.all(
      Array.from({ length: 20 }, () =>
        database.execute(count, { id: 'a', event: anEvent({ aggregate: 'counter:a', head }) }),
      ),
    );
    const rows = await database.outbox.next(100);
    expect(rows.map((row) => row.aggregateVersion)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(rows.map(json)).toEqual(
      rows.map((row) => ({
        data: { kind: 'counter', rowversion: row.aggregateVersion },
        aggregateversion: row.aggregateVersion,
      })),
    );
  });

  it.each([
    ['no extra', { a: 1, data: { x: 1 } }, null, { a: 1, data: { x: 1 } }],
    ['members added and replaced', { a: 1, b: 2, data: {} }, { b: 3, c: 4 }, { a: 1, b: 3, c: 4, data: {} }],
    ['null members left out', { a: 1, data: {} }, { a: null, session: null }, { a: 1, data: {} }],
    [
      'data merged one level deep',
      { data: { x: 1, deep: { p: 1 } } },
      { data: { y: 2, deep: { q: 2 } } },
      { data: { x: 1, y: 2, deep: { q: 2 } } },
    ],
    ['null members of data left out', { data: { x: 1 } }, { data: { x: null, y: null } }, { data: { x: 1 } }],
    ['null data left out', { data: { x: 1 } }, { data: null }, { data: { x: 1 } }],
    ['data where the head has none', {}, { data: { y: 2 } }, { data: { y: 2 } }],
    ['nulls of the head kept', { data: { x: null } }, { client: 'c' }, { client: 'c', data: { x: null } }],
  ])('%s', async (_, head, extra, leaf) => {
    const event = anEvent({ head });
    const recordAlone = statement<object, unknown>({
      name: 'owner.event.record',
      text: 'select record_event($1, $2, $3, $4, $5, $6, $7, $8)',
      parameters: () => [
        ...recordEventParameters(event, 7).slice(0, 6),
        extra === null ? null : JSON.stringify(extra),
        null,
      ],
      row: z.unknown(),
    });
    await database.execute(recordAlone, {});
    expect(json((await database.outbox.next(1))[0])).toEqual({ ...leaf, aggregateversion: 7 });
  });

  it('takes the event as one parameter too, with the same bytes', async () => {
    const event = anEvent({ head: { data: { text: 'Zoë "字"' } }, personal: Buffer.from('00ff10', 'hex') });
    const asOne = statement<object, unknown>({
      name: 'owner.event.record-as-one',
      text: `select record_event($1::jsonb, 4, '{"data": {"row": 1}}')`,
      parameters: () => [eventParameter(event)],
      row: z.unknown(),
      records: true,
    });
    const asMany = statement<object, unknown>({
      name: 'owner.event.record-as-many',
      text: 'select record_event($1, $2, $3, $4, $5, $6, $7, $8)',
      parameters: () => recordEventParameters(event, 4, { data: { row: 1 } }),
      row: z.unknown(),
      records: true,
    });
    const rows: (OutboxRow | undefined)[] = [];
    for (const way of [asOne, asMany]) {
      await database.execute(way, {});
      rows.push((await database.outbox.next(1))[0]);
      await database.outbox.confirm([event.id]);
    }
    expect(rows[0]).toBeDefined();
    expect(rows[0]).toEqual(rows[1]);
  });

  it('makes the same bytes as a record of its own, for ever', async () => {
    const id = '0192f0c1-7b5e-7c3a-9d2e-3f4a5b6c7d8e';
    const head = {
      specversion: '1.0',
      id,
      type: 'signet.owner.thing.done.v1',
      data: { b: 1, a: '"é"', long: [1.5, true, null] },
    };
    const event = anEvent({ id: eventId.parse(id), head });
    await database.record(event);
    const [together] = await database.outbox.next(1);
    await database.outbox.confirm([id]);
    await database.run((tx) => tx.record(event));
    const [alone] = await database.outbox.next(1);
    expect(alone?.leaf).toEqual(together?.leaf);
    expect(Buffer.from(alone?.leaf ?? []).toString('utf8')).toBe(
      `{"id": "${id}", "data": {"a": "\\"é\\"", "b": 1, "long": [1.5, true, null]}, "type": "signet.owner.thing.done.v1", "specversion": "1.0", "aggregateversion": 1}`,
    );
  });
});

describe('lease', () => {
  const backends = `select pid from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database()) and granted`;
  const holders = async () => (await one.admin.query<{ pid: number }>(backends)).rows.map((row) => row.pid);

  it('belongs to one at a time, and passes on when given back', async () => {
    const second = await one.open();
    const lease = await database.outbox.lease();
    let taken = false;
    const waiting = second.outbox.lease().then((got) => {
      taken = true;
      return got;
    });
    await until(
      async () =>
        (
          await one.admin.query(
            `select from pg_stat_activity where query like '%pg_try_advisory_lock%' and usename = 'signet_owner' and state = 'idle' and datname = current_database()`,
          )
        ).rows.length === 2,
    );
    expect(taken).toBe(false);
    expect(lease.lost.aborted).toBe(false);
    await lease.release();
    expect(lease.lost.aborted).toBe(true);
    const next = await waiting;
    expect(next.lost.aborted).toBe(false);
    await expect(holders()).resolves.toHaveLength(1);
    await next.release();
    await second.close();
  });

  it('is lost with its connection, and may be had again', async () => {
    const lease = await database.outbox.lease();
    const lost = new Promise((resolve) => {
      lease.lost.addEventListener('abort', resolve);
    });
    await one.admin.query('select pg_terminate_backend($1)', [(await holders())[0]]);
    await lost;
    const again = await database.outbox.lease();
    expect(again.lost.aborted).toBe(false);
    await again.release();
    await lease.release();
  });

  it('stops waiting at the signal', async () => {
    const lease = await database.outbox.lease();
    const stop = new AbortController();
    const waiting = database.outbox.lease(stop.signal);
    stop.abort();
    await expect(waiting).rejects.toThrow('abort');
    await expect(database.outbox.lease(AbortSignal.abort())).rejects.toThrow('abort');
    await lease.release();
    await until(async () => (await holders()).length === 0);
  });
});

describe('ceiling', () => {
  it('refuses what must be recorded, and nothing else, until there is room', async () => {
    const small = await one.open({ outboxMax: 200_000 });
    await small.outbox.measure();
    expect(small.outbox.full).toBe(false);
    const head = { data: { filler: 'x'.repeat(1_000) } };
    await Promise.all(Array.from({ length: 200 }, () => small.record(anEvent({ head }))));
    await small.outbox.measure();
    expect(small.outbox.full).toBe(true);
    await expect(small.record(anEvent())).rejects.toBeInstanceOf(OutboxFull);
    await expect(small.run((tx) => tx.record(anEvent()))).rejects.toBeInstanceOf(OutboxFull);
    const recording = statement<object, unknown>({
      name: 'owner.spec.recording',
      text: 'select 1',
      parameters: () => [],
      row: z.unknown(),
      records: true,
    });
    await expect(small.execute(recording, {})).rejects.toBeInstanceOf(OutboxFull);
    await expect(small.outbox.next(1)).resolves.toHaveLength(1);

    // The file stays as large as it was; what counts is what is alive.
    await small.outbox.confirm((await small.outbox.next(200)).map((row) => row.id));
    const measured = await small.outbox.measure();
    expect(measured).toBeGreaterThanOrEqual(200_000);
    expect(small.outbox.bytes).toBe(measured);
    expect(small.outbox.full).toBe(false);
    await small.record(anEvent());
    await small.close();
  });
});

describe('an owner’s own state', () => {
  it('moves a consumer’s position forward only, or to a stream made again', async () => {
    const at = (streamCreated: string, sequence: number) =>
      database.execute(advanceConsumerPosition, { consumer: 'copies', streamCreated, sequence });
    const position = () => database.first(readConsumerPosition, { consumer: 'copies' });
    const [first, second] = ['2026-11-23T10:00:00.000000001Z', '2026-11-23T10:00:00.000000002Z'];
    await expect(position()).resolves.toBeUndefined();
    await expect(at(first, 5)).resolves.toHaveLength(1);
    await expect(at(first, 5)).resolves.toHaveLength(0);
    await expect(at(first, 4)).resolves.toHaveLength(0);
    await expect(position()).resolves.toEqual({ streamCreated: first, sequence: 5 });
    await expect(at(second, 1)).resolves.toHaveLength(1);
    await expect(position()).resolves.toEqual({ streamCreated: second, sequence: 1 });
  });

  it('keeps unraised floors until they are raised', async () => {
    const floor = { id: newId(eventId), tenantId: newId(eventId), payload: { kind: 'session', id: 's' } };
    await database.execute(keepUnraisedFloor, floor);
    await database.execute(keepUnraisedFloor, floor);
    await expect(database.execute(listUnraisedFloors, { limit: 10, olderThan: 60 })).resolves.toEqual([]);
    await expect(database.execute(listUnraisedFloors, { limit: 10, olderThan: 0 })).resolves.toEqual([floor]);
    await database.execute(dropUnraisedFloors, { ids: [floor.id] });
    await expect(database.execute(listUnraisedFloors, { limit: 10, olderThan: 0 })).resolves.toEqual([]);
  });
});
