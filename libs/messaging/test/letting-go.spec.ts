import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { eventStream } from '@signet/contracts';
import {
  deadLetters,
  ensureStream,
  EventConsumer,
  type DeadLetter,
  type EventConsumerOptions,
  type OutboxRow,
} from '../src/index.js';
import { Broker, eventually } from './broker.js';
import { Memory } from './memory.js';
import { deleteStream, row } from './recorded-events.js';

describe('a consumer of what comes again by itself', () => {
  let broker: Broker;
  let connection: NatsConnection;
  let publishing: NatsConnection;
  let memory: Memory;
  let consumers: EventConsumer[];

  const startConsumer = (over: Partial<EventConsumerOptions>): void => {
    const consumer = new EventConsumer({
      ...{ connection, service: 'audit', durable: 'audit', subjects: ['signet.events.v1.>'], handle: memory.handle },
      ...over,
    });
    consumers.push(consumer);
    consumer.start();
  };
  const publish = async (...rows: OutboxRow[]) => {
    await ensureStream(publishing);
    for (const { id, subject, leaf } of rows) await jetstream(publishing).publish(subject, leaf, { msgID: id });
  };
  const arrived = (one: OutboxRow) => eventually('the event', () => memory.has(one));
  const allAcknowledged = () =>
    eventually('all to be acknowledged', async () => {
      const info = await (await jetstreamManager(publishing)).consumers.info(eventStream, 'audit');
      return info.num_ack_pending === 0 && info.num_pending === 0;
    });

  beforeEach(async () => {
    broker = await Broker.start();
    connection = await broker.connect('audit');
    publishing = await broker.connect('token');
    memory = new Memory();
    consumers = [];
  });
  afterEach(async () => {
    await Promise.all(consumers.map((consumer) => consumer.stop()));
    await broker.stop();
  });

  it('lets go of what waits for long where it comes again by itself, and takes it when it does', async () => {
    const [waits, fine] = [row('family:1', 2), row('family:2', 1)];
    const letGo: string[] = [];
    const turn = { come: false };
    await publish(waits, fine);
    startConsumer({
      handle: async (batch) => {
        const outcomes = batch.map((event) => (event.id === waits.id && !turn.come ? 'later' : 'applied'));
        await memory.handle(batch.filter((_, index) => outcomes[index] === 'applied'));
        return outcomes;
      },
      onLetGo: ({ id }) => letGo.push(id),
    });
    await arrived(fine);
    await allAcknowledged();
    expect(memory.has(waits)).toBe(false);
    expect(letGo).toEqual([waits.id]);
    turn.come = true;
    // As from the outbox, once the stream has forgotten the id.
    await deleteStream(publishing);
    await publish(waits);
    await arrived(waits);
    expect(letGo).toEqual([waits.id]);
  });

  it('lets go of nothing that its handler failed on', async () => {
    const event = row('family:1', 1);
    const letGo: string[] = [];
    await publish(event);
    let failures = 0;
    startConsumer({
      handle: (batch) => (failures++ < 7 ? Promise.reject(new Error('no database')) : memory.handle(batch)),
      onLetGo: ({ id }) => letGo.push(id),
    });
    await arrived(event);
    expect(letGo).toEqual([]);
  });

  it('keeps one letter of what comes again', async () => {
    const poison = row('family:1', 1, { leaf: Buffer.from('{') });
    let buried = 0;
    startConsumer({ onDeadLetter: () => buried++ });
    await publish(poison);
    await eventually('the first', () => buried === 1);
    // The stream has forgotten the id when the outbox sends it again.
    await deleteStream(publishing);
    await publish(poison);
    await eventually('the second', () => buried === 2);
    const kept: DeadLetter[] = [];
    for await (const letter of deadLetters(publishing)) kept.push(letter);
    expect(kept).toHaveLength(1);
  });
});
