import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import { eventStream } from '@signet/contracts';
import {
  deadLetters,
  ensureStream,
  EventConsumer,
  linkOf,
  OutboxRelay,
  type DeadLetter,
  type EventConsumerOptions,
  type OutboxRow,
  type Position,
} from '../src/index.js';
import { Broker, eventually } from './broker.js';
import { Memory } from './memory.js';
import { deleteStream, MemoryOutbox, row, tenant } from './recorded-events.js';

describe('EventConsumer', () => {
  let broker: Broker;
  let connection: NatsConnection;
  let publishing: NatsConnection;
  let memory: Memory;
  let consumers: EventConsumer[];

  const startConsumer = (over: Partial<EventConsumerOptions> = {}): EventConsumer => {
    const consumer = new EventConsumer({
      connection,
      service: 'session',
      durable: 'session',
      subjects: ['signet.events.v1.>'],
      handle: memory.handle,
      position: memory.port,
      reread: memory.reread,
      ...over,
    });
    consumers.push(consumer);
    consumer.start();
    return consumer;
  };

  /** Until the server has it, as the relay does; a second time under the same id is none. */
  const publish = (...rows: OutboxRow[]) => eventually('the events to be published', () => published(rows));
  const published = async (rows: readonly OutboxRow[]): Promise<boolean> => {
    if (!linkOf(publishing).connected) return false;
    try {
      await ensureStream(publishing);
      for (const { id, subject, leaf, personal } of rows) {
        const head = headers();
        if (personal) head.set('Signet-Personal', Buffer.from(personal).toString('base64url'));
        await jetstream(publishing).publish(subject, leaf, { msgID: id, headers: head });
      }
      return true;
    } catch (error) {
      if (!linkOf(publishing).connected || String(error).includes('connection')) return false;
      throw error;
    }
  };
  const arrived = (...rows: OutboxRow[]) => eventually('the events', () => rows.every((one) => memory.has(one)));
  const durable = async () => (await jetstreamManager(publishing)).consumers.info(eventStream, 'session');
  const allAcknowledged = () =>
    eventually('all to be acknowledged', async () => {
      const { num_ack_pending: unacknowledged, num_pending: undelivered } = await durable();
      return unacknowledged === 0 && undelivered === 0;
    });

  beforeEach(async () => {
    broker = await Broker.start();
    connection = await broker.connect('session');
    publishing = await broker.connect('token');
    memory = new Memory();
    consumers = [];
  });
  afterEach(async () => {
    await Promise.all(consumers.map((consumer) => consumer.stop()));
    await broker.stop();
  });

  it('hands over what was recorded, byte for byte, with its place in the stream', async () => {
    const recorded = row('family:1', 7, { personal: Buffer.from([1, 2, 255]) });
    await publish(recorded, row('family:2', 1));
    const { created } = await ensureStream(publishing);
    startConsumer();
    await eventually('both', () => memory.applied.length === 2);
    const [first, second] = memory.applied;
    expect(first).toMatchObject({ id: recorded.id, subject: recorded.subject, sequence: 1, streamCreated: created });
    expect(Buffer.from(first?.leaf ?? [])).toEqual(recorded.leaf);
    expect(first?.envelope).toMatchObject({ aggregate: 'family:1', aggregateversion: 7, tenant });
    expect(Buffer.from(first?.personal ?? [])).toEqual(recorded.personal);
    expect(second?.personal).toBeUndefined();
  });

  it('passes over what was published in a time that a restore has undone', async () => {
    const undone = row('family:1', 1);
    await publish(undone);
    const { streams } = await jetstreamManager(publishing);
    const at = (await streams.getMessage(eventStream, { seq: 1 }))?.time.getTime() ?? 0;
    const since = row('family:2', 1);
    await eventually('the next millisecond', () => Date.now() > at + 1);
    await publish(since);
    startConsumer({ notBefore: at + 1 });
    await arrived(since);
    await allAcknowledged();
    expect(memory.has(undone)).toBe(false);
  });

  it('gives many at once, in order, and goes on after them where another replica stopped', async () => {
    const rows = Array.from({ length: 300 }, (_, n) => row('family:1', n + 1));
    await publish(...rows);
    const sizes: number[] = [];
    const first = startConsumer({
      batch: 64,
      handle: (batch) => {
        sizes.push(batch.length);
        return memory.handle(batch);
      },
    });
    await eventually('all', () => memory.applied.length === 300);
    expect(memory.applied.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
    expect(sizes.length).toBeLessThan(100);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(64);
    await allAcknowledged();
    await first.stop();

    const next = row('family:1', 301);
    await publish(next);
    startConsumer();
    await arrived(next);
    expect(memory.applied).toHaveLength(301);
  });

  it('brings an event that was held again, and the others once', async () => {
    const [held, fine] = [row('family:1', 2), row('family:2', 1)];
    await publish(held, fine);
    let tries = 0;
    startConsumer({
      handle: async (batch) => {
        const outcomes = batch.map((event) => (event.id === held.id && ++tries < 3 ? 'later' : 'applied'));
        await memory.handle(batch.filter((_, index) => outcomes[index] === 'applied'));
        return outcomes;
      },
    });
    await arrived(held, fine);
    await allAcknowledged();
    expect(tries).toBe(3);
    expect(memory.applied).toHaveLength(2);
  });

  it('holds the whole batch when the handler throws', async () => {
    const rows = [row('family:1', 1), row('family:1', 2)];
    await publish(...rows);
    let failures = 0;
    startConsumer({
      handle: (batch) => (failures++ < 2 ? Promise.reject(new Error('no database')) : memory.handle(batch)),
    });
    await arrived(...rows);
    await allAcknowledged();
    expect(failures).toBeGreaterThan(2);
  });

  it('shares the work among the replicas of a service', async () => {
    const rows = Array.from({ length: 200 }, (_, n) => row(`family:${n}`, 1));
    startConsumer();
    startConsumer({ connection: await broker.connect('session') });
    await eventually('the durable', () =>
      durable().then(
        () => true,
        () => false,
      ),
    );
    await publish(...rows);
    await arrived(...rows);
    await allAcknowledged();
    expect(memory.applied).toHaveLength(200);
  });

  describe('what it cannot read', () => {
    const subject = `signet.events.v1.${tenant}.token.family.rotated`;
    const other = `signet.events.v1.${tenant}.directory.account.disabled`;
    const leaf = (change: object) => {
      const { id, leaf } = row('family:1', 1);
      return { id, data: JSON.stringify({ ...(JSON.parse(Buffer.from(leaf).toString()) as object), ...change }) };
    };
    it.each<[string, string, { id: string; data: string }, string]>([
      ['no JSON', subject, { id: 'x', data: '{' }, ''],
      ['no event', subject, { id: 'x', data: '{"id":"x"}' }, ''],
      ['another id than it was published under', subject, { ...leaf({}), id: 'another' }, ''],
      ['another service than NATS let publish it', other, leaf({}), ''],
      ['another tenant', subject, leaf({ tenant: '0198a000-0000-7000-8000-000000000000' }), ''],
      ['more bytes than a leaf may have', subject, leaf({ more: 'x'.repeat(65_535) }), ''],
      ['a malformed personal part', subject, leaf({}), 'a+b='],
    ])('is buried and holds nothing up: %s', async (_, to, { id, data }, personal) => {
      const buried: string[] = [];
      const seen: string[] = [];
      const watching = await broker.connect('operator');
      watching.subscribe('signet.dead.v1.session', { callback: (_error, message) => void seen.push(message.string()) });
      await watching.flush();
      await ensureStream(publishing);
      const head = headers();
      if (personal) head.set('Signet-Personal', personal);
      await jetstream(publishing).publish(to, data, { msgID: id, headers: head });
      const after = row('family:2', 1);
      await publish(after);
      startConsumer({ onDeadLetter: ({ subject: from }) => buried.push(from) });
      await arrived(after);
      await allAcknowledged();
      expect(memory.applied).toHaveLength(1);
      expect(buried).toEqual([to]);
      await eventually('the dead letter', () => seen.length === 1);
      expect(seen).toEqual([data]);
      const kept: DeadLetter[] = [];
      for await (const letter of deadLetters(publishing)) kept.push(letter);
      expect(kept).toMatchObject([{ consumer: 'session', subject: to }]);
      expect(Buffer.from(kept[0]?.data ?? []).toString()).toBe(data);
    });
  });

  describe('when what it reads from is gone', () => {
    it.each([
      ['the stream was deleted', () => deleteStream(publishing)],
      ['the storage was wiped', () => broker.restart({ wipe: true })],
    ])('re-reads after its position before it consumes what is new: %s', async (_, lose) => {
      const before = row('family:1', 1);
      await publish(before);
      startConsumer();
      await arrived(before);
      await allAcknowledged();
      const position = memory.position;
      memory.rereads.length = 0;

      await lose();
      const after = row('family:1', 2);
      await publish(after);
      await arrived(after);
      expect(memory.rereads).toEqual([position]);
      expect(memory.log.slice(-2)).toEqual(['reread', after.id]);
      expect(memory.applied.at(-1)?.sequence).toBe(1);
      expect(memory.applied.at(-1)?.streamCreated).not.toBe(position?.streamCreated);
    });

    it('makes its durable again', async () => {
      const before = row('family:1', 1);
      await publish(before);
      startConsumer();
      await arrived(before);
      await allAcknowledged();
      memory.rereads.length = 0;
      // The server may report that it could not remove a directory that it was still writing to; the consumer is gone.
      await (await jetstreamManager(publishing)).consumers.delete(eventStream, 'session').catch(() => undefined);
      const after = row('family:1', 2);
      await publish(after);
      await arrived(after);
      await allAcknowledged();
      expect(memory.applied.filter(({ id }) => id === before.id)).toHaveLength(2);
      expect(memory.rereads).toEqual([]);
    });

    it('goes on after the server was killed', async () => {
      const rows = Array.from({ length: 20 }, (_, n) => row('family:1', n + 1));
      await publish(...rows.slice(0, 10));
      startConsumer();
      await arrived(...rows.slice(0, 10));
      await broker.kill();
      await broker.restart();
      await publish(...rows.slice(10));
      await arrived(...rows);
      await allAcknowledged();
    });
  });

  describe('at its start', () => {
    it.each<[string, (created: string) => Position | undefined, boolean]>([
      ['has no position', () => undefined, true],
      ['has the position of another stream', () => ({ streamCreated: '2020-01-01T00:00:00Z', sequence: 1 }), true],
      ['is further than the stream', (created) => ({ streamCreated: created, sequence: 99 }), true],
      ['has a position in this stream', (created) => ({ streamCreated: created, sequence: 1 }), false],
    ])('re-reads only where its position says nothing about the stream: it %s', async (_, positionIn, rereads) => {
      const event = row('family:1', 1);
      await publish(event);
      const position = positionIn((await ensureStream(publishing)).created);
      memory.position = position;
      startConsumer();
      await arrived(event);
      expect(memory.log).toEqual(rereads ? ['reread', event.id] : [event.id]);
      if (rereads) expect(memory.rereads).toEqual([position]);
    });

    it('consumes nothing until re-reading has succeeded', async () => {
      const event = row('family:1', 1);
      await publish(event);
      let tries = 0;
      const from: Position[] = [];
      startConsumer({
        reread: (after, start) => {
          from.push(start);
          return ++tries < 3 ? Promise.reject(new Error('audit is away')) : memory.reread(after);
        },
      });
      await arrived(event);
      expect(tries).toBe(3);
      expect(memory.log).toEqual(['reread', event.id]);
      expect(from[0]).toEqual({ streamCreated: (await ensureStream(publishing)).created, sequence: 0 });
    });

    it.each([
      ['one to several', ['signet.events.v1.*.token.>'], ['signet.events.v1.*.token.>', 'signet.events.v1.*.authn.>']],
      ['several to one', ['signet.events.v1.*.token.>', 'signet.events.v1.*.authn.>'], ['signet.events.v1.*.token.>']],
    ])('brings the subjects of its durable up to date: %s', async (_, before, after) => {
      const first = startConsumer({ subjects: before });
      await eventually('the durable', () =>
        durable().then(
          () => true,
          () => false,
        ),
      );
      await first.stop();
      startConsumer({ subjects: after });
      await eventually('the new subjects', async () => {
        const { filter_subject: one, filter_subjects: several } = (await durable()).config;
        return String(several ?? one) === String(after);
      });
    });
  });

  describe('without a durable', () => {
    const subjects = ['signet.events.v1.*.token.family.>', 'signet.events.v1.*.token.grant.>'];
    const ownConsumer = (own: Memory) =>
      startConsumer({
        durable: undefined,
        subjects,
        handle: own.handle,
        position: undefined,
        reread: own.reread,
      } as never);
    const grant = (version: number) =>
      row('grant:1', version, { subject: `signet.events.v1.${tenant}.token.grant.withdrawn` });
    const consumersThere = (count: number) =>
      eventually('the consumers', async () => {
        const state = await (await jetstreamManager(publishing)).streams.info(eventStream).catch(() => undefined);
        return (state?.state.consumer_count ?? 0) >= count;
      });

    it('gives each replica every event from now on', async () => {
      const past = row('family:1', 1);
      await publish(past);
      const memories = [new Memory(), new Memory()];
      for (const own of memories) ownConsumer(own);
      await consumersThere(4);
      const [now, other] = [row('family:1', 2), grant(1)];
      await publish(now, other);
      for (const own of memories) {
        await eventually('both events', () => own.has(now) && own.has(other));
        expect(own.has(past)).toBe(false);
        expect(own.rereads).toEqual([]);
      }
    });

    it('misses nothing while NATS is away', async () => {
      await publish(row('family:1', 1));
      const own = new Memory();
      ownConsumer(own);
      await consumersThere(2);
      const first = row('family:1', 2);
      await publish(first);
      await eventually('the first', () => own.has(first));
      await broker.kill();
      await broker.restart();
      const [second, third] = [row('family:1', 3), grant(1)];
      await publish(second, third);
      await eventually('the others', () => own.has(second) && own.has(third));
      expect(own.applied.filter(({ id }) => id === first.id)).toHaveLength(1);
      expect(own.rereads).toEqual([]);
    });

    it('re-reads once when the stream is new', async () => {
      await publish(row('family:1', 1));
      const own = new Memory();
      ownConsumer(own);
      await consumersThere(2);
      const first = row('family:1', 2);
      await publish(first);
      await eventually('the first', () => own.has(first));
      const last = own.position;
      await broker.restart({ wipe: true });
      const [second, third] = [row('family:1', 3), grant(1)];
      await publish(second, third);
      await eventually('the others', () => own.has(second) && own.has(third));
      expect(own.rereads).toEqual([last]);
    });
  });

  it('loses nothing between outbox and handler while NATS comes and goes', async () => {
    const outbox = new MemoryOutbox();
    const relay = new OutboxRelay({ connection: publishing, outbox });
    relay.start();
    startConsumer();
    const record = (from: number) => {
      for (let version = from; version < from + 50; version++) {
        for (const aggregate of ['family:1', 'family:2', 'family:3']) outbox.record(row(aggregate, version));
      }
    };
    record(1);
    await eventually('some to arrive', () => memory.applied.length > 10);
    await broker.kill();
    record(51);
    await broker.restart();
    await eventually('more to arrive', () => memory.applied.length > 160);
    record(101);
    await deleteStream(publishing);
    await eventually('all to be sent', () => outbox.unsent().length === 0);
    // What audit has not confirmed, the outbox gives again; what the lost stream still held is such.
    outbox.sendAgain(({ id }) => !memory.applied.some((event) => event.id === id));
    await arrived(...outbox.rows);
    await relay.stop();
  });
});
