import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { NatsConnection } from '@nats-io/transport-node';
import { ensureStream, OutboxRelay, type OutboxRelayOptions } from '../src/index.js';
import { Broker, eventually } from './broker.js';
import { deleteStream, MemoryOutbox, row, streamContents, tenant } from './recorded-events.js';

describe('OutboxRelay', () => {
  let broker: Broker;
  let connection: NatsConnection;
  let reading: NatsConnection;
  let outbox: MemoryOutbox;
  let relays: OutboxRelay[];

  const startRelay = (over: Partial<OutboxRelayOptions> = {}): OutboxRelay => {
    const relay = new OutboxRelay({ connection, outbox, ...over });
    relays.push(relay);
    relay.start();
    return relay;
  };
  const allSent = () => eventually('all to be sent', () => outbox.rows.length > 0 && outbox.unsent().length === 0);
  const ids = async () => (await streamContents(reading)).map(({ header }) => header('Nats-Msg-Id'));

  beforeEach(async () => {
    broker = await Broker.start();
    connection = await broker.connect('token');
    reading = await broker.connect('reader');
    outbox = new MemoryOutbox();
    relays = [];
  });
  afterEach(async () => {
    await Promise.all(relays.map((relay) => relay.stop()));
    await broker.stop();
  });

  it('publishes the exact bytes under the event id, its aggregate and its sealed personal part', async () => {
    const recorded = row('family:1', 3, { personal: Buffer.from([0, 250, 251, 252]) });
    outbox.record(recorded, row('family:2', 1));
    startRelay();
    await allSent();
    const [first, second] = await streamContents(reading);
    expect(first?.data).toBe(Buffer.from(recorded.leaf).toString());
    expect(first?.subject).toBe(`signet.events.v1.${tenant}.token.family.rotated`);
    expect(first?.header('Nats-Msg-Id')).toBe(recorded.id);
    expect(first?.header('Signet-Aggregate')).toBe('family:1');
    expect(first?.header('Signet-Aggregate-Version')).toBe('3');
    expect(first?.header('Signet-Personal')).toBe('APr7_A');
    expect(second?.header('Signet-Personal')).toBeUndefined();
  });

  it('publishes what is recorded while it runs', async () => {
    startRelay({ pollInterval: 60_000 });
    await eventually('the lease', () => outbox.leases === 1);
    for (let version = 1; version <= 3; version++) {
      outbox.record(row('family:1', version));
      await allSent();
    }
    expect(await ids()).toEqual(outbox.rows.map(({ id }) => id));
  });

  it('finds what another replica recorded', async () => {
    startRelay({ pollInterval: 20 });
    await eventually('the lease', () => outbox.leases === 1);
    outbox.rows.push(row('family:1', 1));
    await allSent();
  });

  it('keeps the order of each aggregate', async () => {
    const rows = Array.from({ length: 40 * 15 }, (_, n) => row(`family:${n % 40}`, 1 + ((n * 7) % 600)));
    outbox.record(...rows);
    startRelay({ batch: 600, window: 16 });
    await allSent();
    const versions = new Map<string, number[]>();
    for (const { header } of await streamContents(reading)) {
      const aggregate = header('Signet-Aggregate') ?? '';
      versions.set(aggregate, [...(versions.get(aggregate) ?? []), Number(header('Signet-Aggregate-Version'))]);
    }
    expect(versions.size).toBe(40);
    for (const order of versions.values()) expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  it('does not put an event into the stream twice when marking it failed', async () => {
    outbox.failNextMark = true;
    outbox.record(row('family:1', 1), row('family:1', 2));
    startRelay();
    await allSent();
    expect(await ids()).toEqual(outbox.rows.map(({ id }) => id));
  });

  it('is the only one of its service, and another takes over', async () => {
    const published = { first: 0, second: 0 };
    const first = startRelay({ onPublished: (count) => (published.first += count) });
    startRelay({ onPublished: (count) => (published.second += count), connection: await broker.connect('token') });
    outbox.record(row('family:1', 1));
    await allSent();
    expect(published).toEqual({ first: 1, second: 0 });
    await first.stop();
    outbox.record(row('family:1', 2));
    await allSent();
    expect(published).toEqual({ first: 1, second: 1 });
  });

  it('asks for its lease again when it was lost', async () => {
    startRelay();
    await eventually('the lease', () => outbox.leases === 1);
    outbox.loseLease();
    await eventually('another lease', () => outbox.leases === 2);
    outbox.record(row('family:1', 1));
    await allSent();
  });

  it('goes on by itself after NATS was away', async () => {
    startRelay();
    outbox.record(row('family:1', 1));
    await allSent();
    await broker.kill();
    outbox.record(row('family:1', 2), row('family:2', 1));
    await broker.restart();
    await allSent();
    expect(await ids()).toHaveLength(3);
  });

  it.each([
    ['deleted', () => deleteStream(reading)],
    ['wiped with the storage', () => broker.restart({ wipe: true })],
  ])('makes the stream again when it was %s', async (_, lose) => {
    startRelay();
    outbox.record(row('family:1', 1));
    await allSent();
    await lose();
    const after = row('family:1', 2);
    outbox.record(after);
    await allSent();
    expect(await ids()).toEqual([after.id]);
  });

  it('is not held up by an event that NATS would never take', async () => {
    const impossible = row('family:1', 1, { leaf: Buffer.alloc(2_000_000, 'x') });
    const fine = row('family:2', 1);
    outbox.record(impossible, row('family:1', 2), fine);
    startRelay({ window: 1 });
    await eventually('the other aggregate', () => outbox.sent.includes(fine.id));
    expect(outbox.sent).toEqual([fine.id]);
  });

  it('finishes the batch that it has begun when it stops', async () => {
    outbox.record(...Array.from({ length: 200 }, (_, n) => row(`family:${n}`, 1)));
    let stopped: Promise<void> | undefined;
    const relay = startRelay({
      window: 4,
      failpoint: (name) => {
        if (name === 'after-publish') stopped ??= relay.stop();
      },
    });
    await eventually('the stop', () => stopped !== undefined);
    await stopped;
    expect(outbox.unsent()).toEqual([]);
    expect(await ids()).toHaveLength(200);
  });

  it('passes its failpoints around each publish', async () => {
    const passed: [string, string][] = [];
    outbox.record(row('family:1', 1));
    startRelay({ failpoint: (name, detail) => passed.push([name, detail]) });
    await allSent();
    const subject = outbox.rows[0]?.subject;
    expect(passed).toEqual([
      ['before-publish', subject],
      ['after-publish', subject],
    ]);
  });

  it('stops while it waits for the lease, and while NATS is away', async () => {
    startRelay();
    await eventually('the lease', () => outbox.leases === 1);
    const waiting = startRelay();
    await waiting.stop();
    await broker.kill();
    outbox.record(row('family:1', 1));
    await Promise.all(relays.map((relay) => relay.stop()));
  });
});

describe('ensureStream', () => {
  let broker: Broker;
  beforeEach(async () => {
    broker = await Broker.start();
  });
  afterEach(() => broker.stop());

  it('makes one stream, whoever asks and however many at once', async () => {
    const connections = await Promise.all(Array.from({ length: 5 }, () => broker.connect(randomUUID())));
    const states = await Promise.all(connections.map((connection) => ensureStream(connection)));
    expect(new Set(states.map(({ created }) => created)).size).toBe(1);
    expect(states[0]?.lastSequence).toBe(0);
  });
});
