import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sidOf, type SessionId } from '@signet/contracts';
import { Settlement } from '../src/deliveries/settlement.js';
import { claimDeliveries } from '../src/deliveries/store/claim-deliveries.js';
import { BackChannel } from './back-channel.js';
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

const claim = { busy: [], after: undefined, perClient: 4, limit: 64, failing: 64, lease: 30 };

describe('clients that do not answer', () => {
  it('delay nobody who does, however many they are', async () => {
    const silent = Array.from({ length: 300 }, (_, index) => ({ clientId: `a-silent-${index}` }));
    const dead = await channel.listen('a-silent', () => undefined);
    for (const { clientId } of silent) channel.alias(clientId, dead);
    const shop = await channel.listen('shop');
    for (let round = 0; round < 3; round += 1) await table.ended(...silent);
    await sessions.meddle(
      `update session.logout_delivery set attempts = 1, last_attempt_at = clock_timestamp() from mark`,
    );
    const queue = await channel.replica({ deadline: 60_000 });
    while (dead.told.length < 128) await new Promise((again) => setTimeout(again, 10));
    const session = await table.ended(shop);
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
    for (let n = 0; n < 15; n += 1) told.push(await table.ended(...clients));
    await Promise.all([channel.replica(), channel.replica()]);
    await channel.settled('delivered', 45);
    for (const { clientId, told: calls } of clients)
      expect(calls.map(({ sid }) => sid).sort()).toEqual(told.map((session) => sidOf(session, clientId)).sort());
  });

  it('pass over what another is just taking', async () => {
    await table.copies(6, 'shop');
    await sessions.database.run(async (tx) => {
      const taken = await tx.execute(claimDeliveries, claim);
      const others = await sessions.database.execute(claimDeliveries, claim);
      expect([taken.length, others.length]).toEqual([4, 2]);
      expect(new Set([...taken, ...others].map(({ id }) => id)).size).toBe(6);
    });
  });

  it('take over what another left under way when it died, once its time is over', async () => {
    const shop = await channel.listen('shop');
    const session = await table.ended(shop);
    expect(await sessions.database.execute(claimDeliveries, claim)).toHaveLength(1);
    expect(await sessions.database.execute(claimDeliveries, claim)).toEqual([]);
    const queue = await channel.replica();
    await table.due();
    queue.nudge();
    await channel.settled('delivered');
    expect(shop.told).toEqual([expect.objectContaining({ sid: sidOf(session, 'shop') })]);
  });

  it('write down what came of it though Postgres is away for a moment, and tell the client once', async () => {
    const shop = await channel.listen('shop');
    const session = await table.ended(shop);
    channel.outages = 1;
    await channel.replica();
    await channel.settled('delivered');
    expect(shop.told).toHaveLength(1);
    expect(await table.leaves(session)).toHaveLength(1);
  });

  it('write down one result of what was taken once', async () => {
    const session = await table.ended({ clientId: 'shop' });
    const [delivery] = await sessions.database.execute(claimDeliveries, claim);
    if (!delivery) throw new Error('nothing is due');
    const settlement = new Settlement(sessions.database, sessions.events, Math.random, () => undefined);
    for (const kind of ['failed', 'delivered', 'failed'] as const)
      await settlement.settle(delivery, { kind, answer: kind, sent: {} });
    expect(await table.rows()).toEqual([{ client_id: 'shop', attempts: 1, last_answer: 'failed', outcome: null }]);
    expect(await table.leaves(session)).toHaveLength(1);
  });

  it('give clients their turns', async () => {
    for (const clientId of ['a', 'b', 'c']) await table.copies(2, clientId);
    const turn = async (after: string | undefined) => {
      const asked = {
        ...claim,
        limit: 2,
        after: after === undefined ? undefined : { tenantId: table.tenantId, clientId: after },
      };
      const taken = await sessions.database.execute(claimDeliveries, asked);
      await table.due();
      return taken.map(({ clientId }) => clientId);
    };
    expect(await turn(undefined)).toEqual(['a', 'a']);
    expect(await turn('a')).toEqual(['b', 'b']);
    expect(await turn('c')).toEqual(['a', 'a']);
    const busy = [{ tenantId: table.tenantId, clientId: 'a' }];
    expect((await sessions.database.execute(claimDeliveries, { ...claim, limit: 2, busy })).length).toBe(2);
    expect(await turn('b')).toEqual(['c', 'c']);
  });
});
