import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { accountId, newId, sidOf, tenantId, type SessionId } from '@signet/contracts';
import { MeshError } from '@signet/messaging';
import { Settlement } from '../src/deliveries/settlement.js';
import { sweep } from '../src/ending/session-sweep.js';
import { claimDeliveries } from '../src/deliveries/store/claim-deliveries.js';
import { endById } from '../src/store/end-session.js';
import { answering, BackChannel, type Listening } from './back-channel.js';
import { sessionDatabase, type SessionDatabase } from './session-database.js';

let sessions: SessionDatabase;
let channel: BackChannel;
beforeAll(async () => {
  sessions = await sessionDatabase();
  channel = new BackChannel(sessions);
});
afterEach(async () => {
  await channel.stop();
  await meddle('delete from session.logout_delivery using mark');
});
// Events are made by Postgres' time, which nobody reads here beside the specs.
beforeEach(() => sessions.database.pollClock());
afterAll(() => sessions.stop());

interface Row {
  readonly client_id: string;
  readonly attempts: number;
  readonly last_answer: string | null;
  readonly outcome: string | null;
}

const rows = () =>
  sessions.suite.query<Row>(
    'select client_id, attempts, last_answer, outcome from session.logout_delivery order by client_id, id',
  );

/** As superuser, and past the rule that a change is recorded. */
const meddle = (text: string, values: readonly unknown[] = []) =>
  sessions.suite.query(
    `with mark as (select set_config('recording_rule.recorded', pg_current_xact_id()::text, true))
    ${text}`,
    values,
  );

/** Time has passed for every delivery that is not over. */
const due = () =>
  meddle(`update session.logout_delivery set next_attempt_at = clock_timestamp() from mark where outcome is null`);

const hourPasses = () =>
  meddle(`update session.logout_delivery set next_attempt_at = clock_timestamp(), created_at = created_at - interval '61 minutes',
    give_up_at = give_up_at - interval '61 minutes' from mark where outcome is null`);

/** So many more deliveries to a client, each of an ended session of its own. */
const copies = (count: number, clientId: string) =>
  meddle(
    `insert into session.logout_delivery
      (tenant_id, id, session_id, account_id, client_id, created_at, attempts, next_attempt_at, version)
    select $1, session.uuid_v7(), session.uuid_v7(), session.uuid_v7(), $2, clock_timestamp(), 0, clock_timestamp(), 0
    from mark, generate_series(1, $3)`,
    [acme, clientId, count],
  );

const leaves = async (of: string) =>
  (await sessions.suite.query<{ leaf: Buffer }>('select leaf from session.outbox order by id'))
    .map(({ leaf }) => JSON.parse(leaf.toString('utf8')) as Record<string, unknown>)
    .filter(({ type, session }) => String(type).includes('logout-delivery') && session === of);

const acme = newId(tenantId);
const alice = newId(accountId);

/** A session of Alice at these clients. */
async function begun(...clients: readonly Pick<Listening, 'clientId'>[]): Promise<SessionId> {
  const session = await sessions.begin({ tenantId: acme, accountId: alice });
  await meddle('delete from session.participant using mark where session_id = $1', [session]);
  for (const { clientId } of clients) {
    await meddle(
      `insert into session.participant (tenant_id, session_id, client_id, joined_at)
      select $1, $2, $3, clock_timestamp() from mark`,
      [acme, session, clientId],
    );
  }
  return session;
}

const end = (session: SessionId, raise = true) =>
  sessions.ending.end({
    ...{ statement: endById, parameters: { tenantId: acme, sessionId: session } },
    ...{ reason: 'revoked', context: { actor: 'anonymous' }, raise },
  });

async function ended(...clients: readonly Pick<Listening, 'clientId'>[]): Promise<SessionId> {
  const session = await begun(...clients);
  await end(session);
  return session;
}

describe('a client that is to be told', () => {
  it('is sent a logout token for its sid, and its answer is recorded', async () => {
    const [shop, forum] = [await channel.listen('shop'), await channel.listen('forum', answering(204))];
    const session = await ended(shop, forum);
    await channel.replica();
    await channel.settled('delivered', 2);
    for (const { clientId, told } of [shop, forum])
      expect(told).toEqual([{ tenantId: acme, clientId, sid: sidOf(session, clientId), accountId: alice }]);
    expect(await rows()).toEqual([
      { client_id: 'forum', attempts: 1, last_answer: '204', outcome: 'delivered' },
      { client_id: 'shop', attempts: 1, last_answer: '200', outcome: 'delivered' },
    ]);
    const recorded = await leaves(session);
    expect(recorded).toHaveLength(2);
    expect(recorded.find(({ client }) => client === 'shop')).toMatchObject({
      type: 'signet.session.logout-delivery.delivered.v1',
      ...{ actor: 'service:session', tenant: acme, session, subject: `account:${alice}`, aggregateversion: 1 },
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
    const session = await ended(shop);
    const queue = await channel.replica({ deadline: 100 });
    await channel.settled('failed');
    expect(await rows()).toEqual([{ client_id: 'shop', attempts: 1, last_answer: told, outcome: null }]);
    const [next] = await sessions.suite.query<{ wait: number }>(
      'select extract(epoch from next_attempt_at - last_attempt_at)::float8 as wait from session.logout_delivery',
    );
    expect(next?.wait).toBeGreaterThanOrEqual(0.75);
    expect(next?.wait).toBeLessThanOrEqual(1);
    shop.answer = answering(200);
    await due();
    queue.nudge();
    await channel.settled('delivered');
    expect(shop.told).toHaveLength(2);
    expect((await leaves(session)).map(({ type, aggregateversion, data }) => [type, aggregateversion, data])).toEqual([
      ['signet.session.logout-delivery.failed.v1', 1, expect.objectContaining({ attempt: 1, answer: told })],
      ['signet.session.logout-delivery.delivered.v1', 2, expect.objectContaining({ attempt: 2, answer: '200' })],
    ]);
  });

  it('hears nothing before the floor of its session is committed', async () => {
    const shop = await channel.listen('shop');
    const session = await begun(shop);
    sessions.token.away = true;
    await expect(end(session)).rejects.toMatchObject({ code: 'unavailable' });
    const claim = { busy: [], after: undefined, perClient: 4, limit: 64, failing: 64, lease: 30 };
    expect(await sessions.database.execute(claimDeliveries, claim)).toEqual([]);
    sessions.token.away = false;
    await sessions.raiseLeft();
    await channel.replica();
    await channel.settled('delivered');
  });

  it('waits while token or directory are away, without an attempt', async () => {
    const shop = await channel.listen('shop');
    const session = await ended(shop);
    channel.refusal = new MeshError('unavailable', 'away');
    const queue = await channel.replica();
    await channel.settled('waiting');
    expect(await rows()).toEqual([{ client_id: 'shop', attempts: 0, last_answer: null, outcome: null }]);
    expect(await leaves(session)).toEqual([]);
    channel.refusal = undefined;
    await queue.stop();
    await due();
    await channel.replica();
    await channel.settled('delivered');
  });
});

describe('a client that is told of nothing', () => {
  it('has its rows taken away at once, and no event', async () => {
    const session = await ended({ clientId: 'quiet' });
    await copies(2_500, 'quiet');
    await channel.replica();
    await channel.settled('unwanted', 2_501);
    expect(await rows()).toEqual([]);
    expect(await leaves(session)).toEqual([]);
  });

  it('by a copy alone, from before it registered, is told', async () => {
    const shop = await channel.listen('shop');
    channel.stale.add('shop');
    await ended(shop);
    await channel.replica();
    await channel.settled('delivered');
    expect(shop.told).toHaveLength(1);
  });

  it('is not known to be while directory is away', async () => {
    const session = await ended({ clientId: 'quiet' });
    channel.absence = new MeshError('unavailable', 'away');
    await channel.replica();
    await channel.settled('waiting');
    expect(await rows()).toEqual([{ client_id: 'quiet', attempts: 0, last_answer: null, outcome: null }]);
    expect(await leaves(session)).toEqual([]);
  });

  it('keeps what another replica has taken, and what came after directory was asked', async () => {
    await copies(3, 'quiet');
    const claim = { busy: [], after: undefined, perClient: 1, limit: 1, failing: 64, lease: 30 };
    const [own] = await sessions.database.execute(claimDeliveries, claim);
    const [others] = await sessions.database.execute(claimDeliveries, claim);
    if (!own || !others) throw new Error('nothing is due');
    await copies(1, 'quiet');
    const settlement = new Settlement(sessions.database, sessions.events, Math.random, () => undefined);
    await settlement.settle(own, { kind: 'unwanted' });
    expect(await rows()).toHaveLength(2);
    await settlement.settle(others, { kind: 'unwanted' });
    expect(await rows()).toHaveLength(1);
  });

  it('any more ends what failed with a word for it', async () => {
    const shop = await channel.listen('shop', answering(500));
    const session = await ended(shop);
    const queue = await channel.replica();
    await channel.settled('failed');
    channel.unregister(shop);
    await due();
    queue.nudge();
    await channel.settled('dead_lettered');
    expect((await leaves(session)).at(-1)).toMatchObject({
      type: 'signet.session.logout-delivery.dead-lettered.v1',
      data: { attempt: 2, answer: 'unregistered' },
    });
  });
});

describe('a client that never takes it', () => {
  it('is given up after an hour, and what else is as old with it', async () => {
    const [shop, forum] = [await channel.listen('shop', answering(500)), await channel.listen('forum', answering(500))];
    const session = await ended(shop);
    const first = await channel.replica();
    await channel.settled('failed');
    await first.stop();
    await copies(8, 'shop');
    await ended(forum);
    await hourPasses();
    await meddle(
      `update session.logout_delivery set next_attempt_at = clock_timestamp() - interval '1 second', attempts = 9
      from mark where session_id = $1`,
      [session],
    );
    const young = await ended(shop);
    const queue = await channel.replica();
    // It, and the eight that wait behind it: of a client that is failing one is tried at a time.
    await channel.settled('dead_lettered', 9);
    expect((await leaves(session)).map(({ type, data }) => [type, (data as { attempt: number }).attempt])).toEqual([
      ['signet.session.logout-delivery.failed.v1', 1],
      ['signet.session.logout-delivery.dead-lettered.v1', 10],
    ]);
    const dead = await sessions.suite.query<{ session_id: string; last_answer: string }>(
      "select session_id, last_answer from session.logout_delivery where outcome = 'dead_lettered' and attempts = 0",
    );
    expect(dead.map(({ last_answer }) => last_answer)).toEqual(Array(8).fill('500'));
    expect((await leaves(dead[0]?.session_id ?? '')).map(({ type, data }) => [type, data])).toEqual([
      ['signet.session.logout-delivery.dead-lettered.v1', { attempt: 0, answer: '500' }],
    ]);
    await queue.stop();
    const left = (await rows()).filter(({ outcome }) => outcome === null).map(({ client_id }) => client_id);
    expect(left).toEqual(['forum', 'shop']);
    expect((await leaves(young)).map(({ type }) => type)).not.toContain(
      'signet.session.logout-delivery.dead-lettered.v1',
    );
  });

  it.each([
    ['once, then again after an hour', 5, [], 0],
    ['now and then, while we were away', 5, [5, 15, 55], 0],
    ['by ten attempts of one', 9, [], 1],
    ['all through the hour, by one attempt of each', 1, [5, 15, 25, 35, 45, 55], 1],
  ])('and was tried %s: what waits untried', async (_, attempts, others, given) => {
    await copies(1 + others.length, 'shop');
    const claim = { busy: [], after: undefined, perClient: 1, limit: 1, failing: 64, lease: 30 };
    const [taken] = await sessions.database.execute(claimDeliveries, claim);
    if (!taken) throw new Error('nothing is due');
    await meddle(
      `update session.logout_delivery set attempts = 1, give_up_at = clock_timestamp() + interval '5 minutes',
        last_attempt_at = clock_timestamp() - minutes * interval '1 minute'
      from mark, (select row_number() over (order by id) as n, id from session.logout_delivery where id <> $1) other
      join unnest($2::integer[]) with ordinality as minutes (minutes, n) using (n) where logout_delivery.id = other.id`,
      [taken.id, others],
    );
    await copies(1, 'shop');
    await meddle(`update session.logout_delivery set created_at = created_at - interval '61 minutes',
      give_up_at = case id when '${taken.id}' then clock_timestamp() else give_up_at end from mark`);
    const settlement = new Settlement(sessions.database, sessions.events, Math.random, () => undefined);
    await settlement.settle({ ...taken, attempts }, { kind: 'failed', answer: '500', sent: {} });
    expect((await rows()).filter((row) => row.outcome === 'dead_lettered' && row.attempts === 0)).toHaveLength(given);
  });

  it('has its hour longer by what we were away', async () => {
    const shop = await channel.listen('shop', answering(500));
    await ended(shop);
    await (await channel.replica()).stop();
    await channel.settled('failed');
    await meddle(`update session.logout_delivery set next_attempt_at = clock_timestamp() - interval '50 minutes',
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
    await copies(10_000, 'dead');
    const queue = await channel.replica({ deadline: 60_000 });
    const session = await ended(shop);
    queue.nudge();
    await channel.settled('delivered');
    expect(shop.told).toEqual([expect.objectContaining({ sid: sidOf(session, 'shop') })]);
    expect(dead.told.length).toBeLessThanOrEqual(4);
    expect((await rows()).filter(({ outcome }) => outcome === null)).toHaveLength(10_000);
  }, 30_000);
});

describe('clients that do not answer', () => {
  it('delay nobody who does, however many they are', async () => {
    const silent = Array.from({ length: 300 }, (_, index) => ({ clientId: `a-silent-${index}` }));
    const dead = await channel.listen('a-silent', () => undefined);
    for (const { clientId } of silent) channel.alias(clientId, dead);
    const shop = await channel.listen('shop');
    for (let round = 0; round < 3; round += 1) await ended(...silent);
    await meddle(`update session.logout_delivery set attempts = 1, last_attempt_at = clock_timestamp() from mark`);
    const queue = await channel.replica({ deadline: 60_000 });
    while (dead.told.length < 128) await new Promise((again) => setTimeout(again, 10));
    const session = await ended(shop);
    queue.nudge();
    await channel.settled('delivered');
    expect(shop.told).toEqual([expect.objectContaining({ sid: sidOf(session, 'shop') })]);
    expect(dead.told).toHaveLength(128);
  }, 30_000);
});

describe('replicas', () => {
  it('tell each client of each session once', async () => {
    const clients = await Promise.all(['one', 'two', 'three'].map((name) => channel.listen(name)));
    const told: SessionId[] = [];
    for (let n = 0; n < 15; n += 1) told.push(await ended(...clients));
    await Promise.all([channel.replica(), channel.replica()]);
    await channel.settled('delivered', 45);
    for (const { clientId, told: calls } of clients)
      expect(calls.map(({ sid }) => sid).sort()).toEqual(told.map((session) => sidOf(session, clientId)).sort());
  });

  it('pass over what another is just taking', async () => {
    await copies(6, 'shop');
    const claim = { busy: [], after: undefined, perClient: 4, limit: 64, failing: 64, lease: 30 };
    await sessions.database.run(async (tx) => {
      const taken = await tx.execute(claimDeliveries, claim);
      const others = await sessions.database.execute(claimDeliveries, claim);
      expect([taken.length, others.length]).toEqual([4, 2]);
      expect(new Set([...taken, ...others].map(({ id }) => id)).size).toBe(6);
    });
  });

  it('take over what another left under way when it died, once its time is over', async () => {
    const shop = await channel.listen('shop');
    const session = await ended(shop);
    const claim = { busy: [], after: undefined, perClient: 4, limit: 64, failing: 64, lease: 30 };
    expect(await sessions.database.execute(claimDeliveries, claim)).toHaveLength(1);
    expect(await sessions.database.execute(claimDeliveries, claim)).toEqual([]);
    const queue = await channel.replica();
    await due();
    queue.nudge();
    await channel.settled('delivered');
    expect(shop.told).toEqual([expect.objectContaining({ sid: sidOf(session, 'shop') })]);
  });

  it('write down what came of it though Postgres is away for a moment, and tell the client once', async () => {
    const shop = await channel.listen('shop');
    const session = await ended(shop);
    channel.outages = 1;
    await channel.replica();
    await channel.settled('delivered');
    expect(shop.told).toHaveLength(1);
    expect(await leaves(session)).toHaveLength(1);
  });

  it('write down one result of what was taken once', async () => {
    const session = await ended({ clientId: 'shop' });
    const claim = { busy: [], after: undefined, perClient: 4, limit: 64, failing: 64, lease: 30 };
    const [delivery] = await sessions.database.execute(claimDeliveries, claim);
    if (!delivery) throw new Error('nothing is due');
    const settlement = new Settlement(sessions.database, sessions.events, Math.random, () => undefined);
    for (const kind of ['failed', 'delivered', 'failed'] as const)
      await settlement.settle(delivery, { kind, answer: kind, sent: {} });
    expect(await rows()).toEqual([{ client_id: 'shop', attempts: 1, last_answer: 'failed', outcome: null }]);
    expect(await leaves(session)).toHaveLength(1);
  });

  it('give clients their turns', async () => {
    for (const clientId of ['a', 'b', 'c']) await copies(2, clientId);
    const claim = { busy: [], perClient: 4, limit: 2, failing: 64, lease: 30 };
    const turn = async (after: string | undefined) => {
      const asked = { ...claim, after: after === undefined ? undefined : { tenantId: acme, clientId: after } };
      const taken = await sessions.database.execute(claimDeliveries, asked);
      await due();
      return taken.map(({ clientId }) => clientId);
    };
    expect(await turn(undefined)).toEqual(['a', 'a']);
    expect(await turn('a')).toEqual(['b', 'b']);
    expect(await turn('c')).toEqual(['a', 'a']);
    const busy = [{ tenantId: acme, clientId: 'a' }];
    expect((await sessions.database.execute(claimDeliveries, { ...claim, after: undefined, busy })).length).toBe(2);
    expect(await turn('b')).toEqual(['c', 'c']);
  });
});

it('what has ended is forgotten after a week, and nothing that waits', async () => {
  const shop = await channel.listen('shop');
  await ended(shop);
  await channel.replica();
  await channel.settled('delivered');
  await ended({ clientId: 'waits' });
  await meddle(`update session.logout_delivery set finished_at = finished_at - interval '8 days' from mark
    where outcome = 'delivered'`);
  await sweep(sessions.database, sessions.ending);
  expect((await rows()).map(({ client_id }) => client_id)).toEqual(['waits']);
});
