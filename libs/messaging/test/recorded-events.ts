import { randomUUID } from 'node:crypto';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { eventStream } from '@signet/contracts';
import { linkOf, type OutboxLease, type OutboxPort, type OutboxRow } from '../src/index.js';
import { eventually } from './broker.js';

export const tenant = randomUUID();

/** A row as @signet/persistence gives it. */
export function row(aggregate: string, aggregateVersion: number, over: Partial<OutboxRow> = {}): OutboxRow {
  const id = over.id ?? randomUUID();
  const subject = over.subject ?? `signet.events.v1.${tenant}.token.family.rotated`;
  const [, , , of, service = '', ...name] = subject.split('.');
  const leaf = {
    specversion: '1.0',
    id,
    source: `/signet/${service}`,
    type: `signet.${service}.${name.join('.')}.v1`,
    time: '2026-11-23T10:00:00.000Z',
    datacontenttype: 'application/json',
    tenant: of,
    aggregate,
    aggregateversion: aggregateVersion,
    actor: 'anonymous',
    data: {},
  };
  return {
    subject,
    aggregate,
    aggregateVersion,
    leaf: Buffer.from(JSON.stringify(leaf)),
    ...over,
    id,
  };
}

/** An outbox in memory: the port's words and nothing else. */
export class MemoryOutbox implements OutboxPort {
  readonly rows: OutboxRow[] = [];
  sent: string[] = [];
  leases = 0;
  failNextMark = false;
  #holder: AbortController | undefined;
  readonly #waiting: (() => void)[] = [];
  readonly #listeners = new Set<() => void>();

  record(...rows: OutboxRow[]): void {
    this.rows.push(...rows);
    for (const listener of this.#listeners) listener();
  }

  async lease(signal: AbortSignal): Promise<OutboxLease> {
    while (this.#holder) {
      await new Promise<void>((resolve, reject) => {
        this.#waiting.push(resolve);
        signal.addEventListener('abort', () => {
          reject(new Error('aborted'));
        });
      });
    }
    const holder = (this.#holder = new AbortController());
    this.leases++;
    return {
      lost: holder.signal,
      release: () => {
        this.#free(holder);
        return Promise.resolve();
      },
    };
  }

  /** What happens when the lock's connection breaks. */
  loseLease(): void {
    if (this.#holder) this.#free(this.#holder);
  }

  next(limit: number): Promise<OutboxRow[]> {
    return Promise.resolve(this.unsent().slice(0, limit));
  }

  markSent(ids: readonly string[]): Promise<void> {
    if (this.failNextMark) {
      this.failNextMark = false;
      return Promise.reject(new Error('the database is away'));
    }
    this.sent.push(...ids);
    return Promise.resolve();
  }

  sendAgain(which: (row: OutboxRow) => boolean): void {
    const again = new Set(this.rows.filter(which).map(({ id }) => id));
    this.sent = this.sent.filter((id) => !again.has(id));
  }

  onRecorded(callback: () => void): () => void {
    this.#listeners.add(callback);
    return () => this.#listeners.delete(callback);
  }

  unsent(): OutboxRow[] {
    return this.rows.filter(({ id }) => !this.sent.includes(id));
  }

  #free(holder: AbortController): void {
    holder.abort();
    if (this.#holder === holder) this.#holder = undefined;
    this.#waiting.shift()?.();
  }
}

export interface StreamMessage {
  readonly subject: string;
  readonly data: string;
  readonly header: (name: string) => string | undefined;
}

/** Everything that the stream holds, in its order. */
export async function streamContents(connection: NatsConnection): Promise<StreamMessage[]> {
  await eventually('a connection to read by', () => linkOf(connection).connected);
  const { state } = await (await jetstreamManager(connection)).streams.info(eventStream);
  const contents: StreamMessage[] = [];
  if (state.messages === 0) return contents;
  const consumer = await jetstream(connection).consumers.get(eventStream);
  for await (const message of await consumer.consume()) {
    const { headers, subject } = message;
    contents.push({ subject, data: message.string(), header: (name) => headers?.get(name) || undefined });
    if (message.seq === state.last_seq) break;
  }
  return contents;
}

export async function deleteStream(connection: NatsConnection): Promise<void> {
  await (await jetstreamManager(connection)).streams.delete(eventStream);
}
