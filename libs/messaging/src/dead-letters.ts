import { createHash } from 'node:crypto';
import {
  DiscardPolicy,
  jetstream,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  type JsMsg,
} from '@nats-io/jetstream';
import { headers, nanos, type NatsConnection } from '@nats-io/transport-node';
import { deadLetterStream, deadLetterSubjects } from '@signet/contracts';
import { copiesOfNew, copiesOn, raiseCopies } from './copies.js';
import { linkOf } from './link.js';
import { codes } from './refusal.js';
import { findStream, managerOf } from './stream.js';

/** Bounded: whoever sends what is no event could send any amount of it. */
const bounds = { max_age: nanos(30 * 24 * 3_600_000), max_bytes: 256 * 1_024 ** 2, max_msgs: 100_000 } as const;

const subjectHeader = 'Signet-Subject';
const reasonHeader = 'Signet-Reason';

/** What a consumer could not read, and set aside. */
export interface DeadLetter {
  readonly sequence: number;
  readonly at: Date;
  readonly consumer: string;
  /** That it was published under. */
  readonly subject: string;
  readonly reason: string;
  readonly data: Uint8Array;
}

/** Sets a message aside where it stays. Throws where it cannot be kept: then it must not be acknowledged. */
export async function keepDeadLetter(
  connection: NatsConnection,
  consumer: string,
  { subject, data }: Pick<JsMsg, 'subject' | 'data'>,
  reason: string,
): Promise<void> {
  const head = headers();
  head.set(subjectHeader, subject);
  head.set(reasonHeader, reason);
  try {
    await linkOf(connection).whileConnected(async () => {
      if (!kept.has(connection)) await ensureStream(connection);
      kept.add(connection);
      // What comes again within the stream's duplicate window is one letter.
      const msgID = createHash('sha256').update(`${consumer} ${subject} `).update(data).digest('base64url');
      await jetstream(connection, { timeout: 3_000 }).publish(`signet.dead.v1.${consumer}`, data, {
        headers: head,
        msgID,
      });
    });
  } catch (error) {
    // It may be the stream that is gone.
    kept.delete(connection);
    throw error;
  }
}

/** Connections that have made sure of the stream. */
const kept = new WeakSet<NatsConnection>();

async function ensureStream(connection: NatsConnection): Promise<void> {
  const manager = await managerOf(connection);
  try {
    await manager.streams.add({
      name: deadLetterStream,
      subjects: [deadLetterSubjects],
      storage: StorageType.File,
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.Old,
      ...bounds,
      ...copiesOfNew(connection),
    });
  } catch (error) {
    // With other copies, say, it keeps them as well.
    if (!(error instanceof JetStreamApiError && error.code === codes.streamExists)) throw error;
  }
}

/** Gives what is kept the copies that this connection says, where anything ever was; audit's user may. */
export async function raiseDeadLetters(connection: NatsConnection): Promise<void> {
  if (copiesOn(connection) === undefined) return;
  const manager = await managerOf(connection);
  const info = await findStream(manager, deadLetterStream);
  if (info) await raiseCopies(manager, connection, info);
}

/** What is kept, the oldest first; nothing where nothing ever was. */
export async function* deadLetters(connection: NatsConnection): AsyncGenerator<DeadLetter> {
  const manager = await managerOf(connection);
  const info = await findStream(manager, deadLetterStream);
  if (!info) return;
  const { state } = info;
  for (let sequence = state.first_seq; sequence <= state.last_seq; sequence += 1) {
    const message = await manager.streams.getMessage(deadLetterStream, { seq: sequence });
    if (!message) continue;
    yield {
      ...{ sequence, at: message.time, data: message.data },
      consumer: message.subject.replace(/^signet\.dead\.v1\./, ''),
      subject: message.header.get(subjectHeader),
      reason: message.header.get(reasonHeader),
    };
  }
}
