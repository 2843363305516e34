import { randomUUID } from 'node:crypto';
import {
  AckPolicy,
  DeliverPolicy,
  JetStreamApiError,
  type ConsumerConfig,
  type ConsumerInfo,
} from '@nats-io/jetstream';
import { nanos, type NatsConnection } from '@nats-io/transport-node';
import { eventStream } from '@signet/contracts';
import { ackWait } from './held-messages.js';
import { linkOf } from './link.js';
import type { Position } from './event-consumer.js';
import { managerOf, type StreamState } from './stream.js';

/** One JetStream consumer that an EventConsumer reads from. */
export interface Source {
  readonly durable: string | undefined;
  readonly service: string;
  readonly subjects: readonly string[];
  /** The last message taken, in this process. */
  taken: Position | undefined;
}

/** JSConsumerExistingActiveErr's sibling for named consumers: it exists with another configuration. */
const consumerExists = 10148;

/** Makes the JetStream consumer, or brings it up to date. One that is not durable is made anew, after what was taken. */
export function ensureConsumer(connection: NatsConnection, source: Source, stream: StreamState): Promise<ConsumerInfo> {
  return linkOf(connection).whileConnected(() => makeOrUpdate(connection, source, stream));
}

async function makeOrUpdate(connection: NatsConnection, source: Source, stream: StreamState): Promise<ConsumerInfo> {
  const manager = await managerOf(connection);
  const config = source.durable ? durableConfig(source.durable) : ephemeralConfig(source, stream);
  const [only, ...more] = source.subjects;
  const filter =
    only !== undefined && more.length === 0 ? { filter_subject: only } : { filter_subjects: [...source.subjects] };
  try {
    return await manager.consumers.add(eventStream, { ...config, ...filter });
  } catch (error) {
    const exists = error instanceof JetStreamApiError && error.code === consumerExists;
    if (!exists || !source.durable) throw error;
    // The other of the two kinds of filter has to go; the client drops what is undefined.
    const none = { filter_subject: undefined, filter_subjects: undefined } as unknown as typeof filter;
    return await manager.consumers.update(eventStream, source.durable, { ...config, ...none, ...filter });
  }
}

const acknowledgement = {
  ack_policy: AckPolicy.Explicit,
  ack_wait: nanos(ackWait),
  max_deliver: -1,
  // Held events count; at the ceiling nothing new is delivered, and the missing one may be behind.
  max_ack_pending: 50_000,
} as const;

function durableConfig(name: string): Partial<ConsumerConfig> {
  return { ...acknowledgement, durable_name: name, deliver_policy: DeliverPolicy.All };
}

function ephemeralConfig(source: Source, stream: StreamState): Partial<ConsumerConfig> {
  source.taken ??= { streamCreated: stream.created, sequence: stream.lastSequence };
  const same = source.taken.streamCreated === stream.created;
  return {
    ...acknowledgement,
    name: `${source.service}-${randomUUID()}`,
    inactive_threshold: nanos(30_000),
    mem_storage: true,
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: (same ? source.taken.sequence : 0) + 1,
  };
}
