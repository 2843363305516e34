import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sidOf } from '@signet/contracts';
import { MeshError } from '@signet/messaging';
import { Settlement } from '../src/deliveries/settlement.js';
import { sweep } from '../src/ending/session-sweep.js';
import { claimDeliveries } from '../src/deliveries/store/claim-deliveries.js';
import { answering, BackChannel, type Listening } from './back-channel.js';
import { DeliveryTable } from './delivery-table.js';
import { sessionDatabase, type SessionDatabase } from './session-database.js';

let sessions: SessionDatabase;
let table: DeliveryTable;
let channel: BackChannel;
beforeAll(async () => {
  sessions = await sessionDatabase();
  table = new DeliveryTable(sessions);
  channel = new BackChannel(sessions);
});
// Events are made by Postgres' time, which nobody reads here beside the specs.
beforeEach(() => sessions.database.pollClock());
afterEach(async () => {
  await channel.stop();
  await sessions.meddle('delete from session.logout_delivery using mark');
});
afterAll(() => sessions.stop());

describe('a client that is to be told', () => {
  it('is sent a logout token for its sid, and its answer is recorded', async () => {
    const [shop, forum] = [await channel.listen('shop'), await channel.listen('forum', answering(204))];
    const session = await table.ended(shop, forum);
    await channel.replica();
    await channel.settled('delivered', 2);
    for (const { clientId, told } of [shop, forum])
      expect(told).toEqual([
        { tenantId: table.tenantId, clientId, sid: sidOf(session, clientId), accountId: table.accountId },
      ]);
    expect(await table.rows()).toEqual([
      { client_id: 'forum', attempts: 1, last_answer: '204', outcome: 'delivered' },
      { client_id: 'shop', attempts: 1, last_answer: '200', outcome: 'delivered' },
    ]);
    const recorded = await table.leaves(session);
    expect(recorded).toHaveLength(2);
    expect(recorded.find(({ client }) => client === 'shop')).toMatchObject({
      type: 'signet.session.logout-delivery.delivered.v1',
      ...{
        actor: 'service:session',
        tenant: table.tenantId,
        session,
        subject: `account:${table.accountId}`,
        aggregateversion: 1,
      },
      data: { attempt: 1, answer: '200', uri: expect.stringMatching(/\/logout$/), jti: 'a jti' },
    });
  });

  it.each<[string, Listening['answer'], string]>([
    ['an error', answering(500), '500'],
    ['a refusal', answering(400), '400'],
    ['a redirect', (_, response) => void response.writeHead(302, { Location: '/' }).end(), '302'],
    ['what it accepts for later', answering(202), '202'],
    ['garbage', ({ socket }) => void socket.end('garbage\r\n\r\n'), 'unreachable'],
    ['nothing, ever', () => undefined, 'deadline'],
  ])('and answers %s is told again', async (_, answer, told) => {
    const shop = await channel.listen('shop', answer);
    const session = await table.ended(shop);
    const queue = await channel.replica({ deadline: 100 });
    await channel.settled('failed');
    expect(await table.rows()).toEqual([{ client_id: 'shop', attempts: 1, last_answer: told, outcome: null }]);
    const [next] = await sessions.suite.query<{ wait: number }>(
      'select extract(epoch from next_attempt_at - last_attempt_at)::float8 as wait from session.logout_delivery',
    );
    expect(next?.wait).toBeGreaterThanOrEqual(0.75);
    expect(next?.wait).toBeLessThanOrEqual(1);
    shop.answer = answering(200);
    await table.due();
    queue.nudge();
    await channel.settled('delivered');
    expect(shop.told).toHaveLength(2);
    expect(
      (await table.leaves(session)).map(({ type, aggregateversion, data }) => [type, aggregateversion, data]),
    ).toEqual([
      ['signet.session.logout-delivery.failed.v1', 1, expect.objectContaining({ attempt: 1, answer: told })],
      ['signet.session.logout-delivery.delivered.v1', 2, expect.objectContaining({ attempt: 2, answer: '200' })],
    ]);
  });

  it('hears nothing before the floor of its session is committed', async () => {
    const shop = await channel.listen('shop');
    const session = await table.begun(shop);
    sessions.token.away = true;
    await expect(table.end(session)).rejects.toMatchObject({ code: 'unavailable' });
    const claim = { busy: [], after: undefined, perClient: 4, limit: 64, failing: 64, lease: 30 };
    expect(await sessions.database.execute(claimDeliveries, claim)).toEqual([]);
    sessions.token.away = false;
    await sessions.raiseLeft();
    await channel.replica();
    await channel.settled('delivered');
  });

  it('waits while token or directory are away, without an attempt', async () => {
    const shop = await channel.listen('shop');
    const session = await table.ended(shop);
    channel.refusal = new MeshError('unavailable', 'away');
    const queue = await channel.replica();
    await channel.settled('waiting');
    expect(await table.rows()).toEqual([{ client_id: 'shop', attempts: 0, last_answer: null, outcome: null }]);
    expect(await table.leaves(session)).toEqual([]);
    channel.refusal = undefined;
    await queue.stop();
    await table.due();
    await channel.replica();
    await channel.settled('delivered');
  });
});

describe('a client that is told of nothing', () => {
  it('has its rows taken away at once, and no event', async () => {
    const session = await table.ended({ clientId: 'quiet' });
    await table.copies(2_500, 'quiet');
    await channel.replica();
    await channel.settled('unwanted', 2_501);
    expect(await table.rows()).toEqual([]);
    expect(await table.leaves(session)).toEqual([]);
  });

  it('by a copy alone, from before it registered, is told', async () => {
    const shop = await channel.listen('shop');
    channel.stale.add('shop');
    await table.ended(shop);
    await channel.replica();
    await channel.settled('delivered');
    expect(shop.told).toHaveLength(1);
  });

  it('is not known to be while directory is away', async () => {
    const session = await table.ended({ clientId: 'quiet' });
    channel.absence = new MeshError('unavailable', 'away');
    await channel.replica();
    await channel.settled('waiting');
    expect(await table.rows()).toEqual([{ client_id: 'quiet', attempts: 0, last_answer: null, outcome: null }]);
    expect(await table.leaves(session)).toEqual([]);
  });

  it('keeps what another replica has taken, and what came after directory was asked', async () => {
    await table.copies(3, 'quiet');
    const claim = { busy: [], after: undefined, perClient: 1, limit: 1, failing: 64, lease: 30 };
    const [own] = await sessions.database.execute(claimDeliveries, claim);
    const [others] = await sessions.database.execute(claimDeliveries, claim);
    if (!own || !others) throw new Error('nothing is due');
    await table.copies(1, 'quiet');
    const settlement = new Settlement(sessions.database, sessions.events, Math.random, () => undefined);
    await settlement.settle(own, { kind: 'unwanted' });
    expect(await table.rows()).toHaveLength(2);
    await settlement.settle(others, { kind: 'unwanted' });
    expect(await table.rows()).toHaveLength(1);
  });

  it('any more ends what failed with a word for it', async () => {
    const shop = await channel.listen('shop', answering(500));
    const session = await table.ended(shop);
    const queue = await channel.replica();
    await channel.settled('failed');
    channel.unregister(shop);
    await table.due();
    queue.nudge();
    await channel.settled('dead_lettered');
    expect((await table.leaves(session)).at(-1)).toMatchObject({
      type: 'signet.session.logout-delivery.dead-lettered.v1',
      data: { attempt: 2, answer: 'unregistered' },
    });
  });
});

describe('a client that never takes it', () => {
  it('is given up after an hour, and what else is as old with it', async () => {
    const [shop, forum] = [await channel.listen('shop', answering(500)), await channel.listen('forum', answering(500))];
    const session = await table.ended(shop);
    const first = await channel.replica();
    await channel.settled('failed');
    await first.stop();
    await table.copies(8, 'shop');
    await table.ended(forum);
    await table.hourPasses();
    await sessions.meddle(
      `update session.logout_delivery set next_attempt_at = clock_timestamp() - interval '1 second', attempts = 9
      from mark where session_id = $1`,
      [session],
    );
    const young = await table.ended(shop);
    const queue = await channel.replica();
    // It, and the eight that wait behind it: of a client that is failing one is tried at a time.
    await channel.settled('dead_lettered', 9);
    expect(
      (await table.leaves(session)).map(({ type, data }) => [type, (data as { attempt: number }).attempt]),
    ).toEqual([
      ['signet.session.logout-delivery.failed.v1', 1],
      ['signet.session.logout-delivery.dead-lettered.v1', 10],
    ]);
    const dead = await sessions.suite.query<{ session_id: string; last_answer: string }>(
      "select session_id, last_answer from session.logout_delivery where outcome = 'dead_lettered' and attempts = 0",
    );
    expect(dead.map(({ last_answer }) => last_answer)).toEqual(Array(8).fill('500'));
    expect((await table.leaves(dead[0]?.session_id ?? '')).map(({ type, data }) => [type, data])).toEqual([
      ['signet.session.logout-delivery.dead-lettered.v1', { attempt: 0, answer: '500' }],
    ]);
    await queue.stop();
    const left = (await table.rows()).filter(({ outcome }) => outcome === null).map(({ client_id }) => client_id);
    expect(left).toEqual(['forum', 'shop']);
    expect((await table.leaves(young)).map(({ type }) => type)).not.toContain(
      'signet.session.logout-delivery.dead-lettered.v1',
    );
  });

  it.each([
    ['once, then again after an hour', 5, [], 0],
    ['now and then, while we were away', 5, [5, 15, 55], 0],
    ['by ten attempts of one', 9, [], 1],
    ['all through the hour, by one attempt of each', 1, [5, 15, 25, 35, 45, 55], 1],
  ])('and was tried %s: what waits untried', async (_, attempts, others, given) => {
    await table.copies(1 + others.length, 'shop');
    const claim = { busy: [], after: undefined, perClient: 1, limit: 1, failing: 64, lease: 30 };
    const [taken] = await sessions.database.execute(claimDeliveries, claim);
    if (!taken) throw new Error('nothing is due');
    await sessions.meddle(
      `update session.logout_delivery set attempts = 1, give_up_at = clock_timestamp() + interval '5 minutes',
        last_attempt_at = clock_timestamp() - minutes * interval '1 minute'
      from mark, (select row_number() over (order by id) as n, id from session.logout_delivery where id <> $1) other
      join unnest($2::integer[]) with ordinality as minutes (minutes, n) using (n) where logout_delivery.id = other.id`,
      [taken.id, others],
    );
    await table.copies(1, 'shop');
    await sessions.meddle(`update session.logout_delivery set created_at = created_at - interval '61 minutes',
      give_up_at = case id when '${taken.id}' then clock_timestamp() else give_up_at end from mark`);
    const settlement = new Settlement(sessions.database, sessions.events, Math.random, () => undefined);
    await settlement.settle({ ...taken, attempts }, { kind: 'failed', answer: '500', sent: {} });
    expect((await table.rows()).filter((row) => row.outcome === 'dead_lettered' && row.attempts === 0)).toHaveLength(
      given,
    );
  });

  it('has its hour longer by what we were away', async () => {
    const shop = await channel.listen('shop', answering(500));
    await table.ended(shop);
    await (await channel.replica()).stop();
    await channel.settled('failed');
    await sessions.meddle(`update session.logout_delivery set next_attempt_at = clock_timestamp() - interval '50 minutes',
      give_up_at = clock_timestamp() + interval '1 minute' from mark`);
    channel.refusal = new MeshError('unavailable', 'away');
    await channel.replica();
    await channel.settled('waiting');
    const [left] = await sessions.suite.query<{ longer: boolean }>(
      `select give_up_at > clock_timestamp() + interval '50 minutes' as longer from session.logout_delivery`,
    );
    expect(left?.longer).toBe(true);
  });

  it('delays nobody, however much waits for it', async () => {
    const dead = await channel.listen('dead', () => undefined);
    const shop = await channel.listen('shop');
    await table.copies(10_000, 'dead');
    const queue = await channel.replica({ deadline: 60_000 });
    const session = await table.ended(shop);
    queue.nudge();
    await channel.settled('delivered');
    expect(shop.told).toEqual([expect.objectContaining({ sid: sidOf(session, 'shop') })]);
    expect(dead.told.length).toBeLessThanOrEqual(4);
    expect((await table.rows()).filter(({ outcome }) => outcome === null)).toHaveLength(10_000);
  }, 30_000);
});

it('what has ended is forgotten after a week, and nothing that waits', async () => {
  const shop = await channel.listen('shop');
  await table.ended(shop);
  await channel.replica();
  await channel.settled('delivered');
  await table.ended({ clientId: 'waits' });
  await sessions.meddle(`update session.logout_delivery set finished_at = finished_at - interval '8 days' from mark
    where outcome = 'delivered'`);
  await sweep(sessions.database, sessions.ending);
  expect((await table.rows()).map(({ client_id }) => client_id)).toEqual(['waits']);
});
