import { jetstream, type JetStreamClient } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import type { Failpoint } from '@signet/contracts';
import { BackOff, pause } from './back-off.js';
import { linkOf } from './link.js';
import { silent, type Log } from './log.js';
import type { OutboxLease, OutboxPort, OutboxRow } from './outbox-port.js';
import { ensureStream, type StreamOptions } from './stream.js';
import { aggregateHeader, aggregateVersionHeader, personalHeader } from './wire.js';

export interface OutboxRelayOptions {
  readonly connection: NatsConnection;
  readonly outbox: OutboxPort;
  readonly stream?: StreamOptions;
  readonly failpoint?: Failpoint;
  /** After each batch, with the number of events that the stream has acknowledged. */
  readonly onPublished?: (count: number) => void;
  readonly log?: Log;
  /** Rows per batch. Default 512. */
  readonly batch?: number;
  /** Publishes under way at once. Default 64. */
  readonly window?: number;
  /** Milliseconds between looks at the outbox that nobody asked for. Default 250. */
  readonly pollInterval?: number;
}

/**
 * Publishes recorded events to the stream: one relay per service by the outbox's lease, each aggregate in order. An event
 * may be published twice (Nats-Msg-Id removes most repeats), and none is lost: a row goes when audit confirms it.
 */
export class OutboxRelay {
  readonly #options: OutboxRelayOptions;
  readonly #log: Log;
  readonly #client: JetStreamClient;
  readonly #stop = new AbortController();
  readonly #backOff = new BackOff(50, 5_000);
  #running: Promise<void> | undefined;
  #nudged = false;
  #wake: AbortController | undefined;

  constructor(options: OutboxRelayOptions) {
    this.#options = options;
    this.#log = options.log ?? silent;
    this.#client = jetstream(options.connection, { timeout: 3_000 });
  }

  /** Returns at once; the relay waits by itself for its lease, for the database and for NATS. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** Finishes the batch under way, gives the lease back. The connection stays open. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#wake?.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const forget = this.#options.outbox.onRecorded(() => {
      this.#nudged = true;
      this.#wake?.abort();
    });
    while (!this.#stop.signal.aborted) {
      await this.#attempt('relay.lease_failed', async () => {
        const lease = await this.#options.outbox.lease(this.#stop.signal);
        try {
          await this.#relay(lease);
        } finally {
          await lease.release();
        }
      });
    }
    forget();
  }

  async #relay(lease: OutboxLease): Promise<void> {
    const ended = AbortSignal.any([this.#stop.signal, lease.lost]);
    const { connection, outbox, batch = 512 } = this.#options;
    while (!ended.aborted) {
      await linkOf(connection).whenConnected(ended);
      if (ended.aborted) return;
      this.#nudged = false;
      let found = 0;
      await this.#attempt('relay.publish_failed', async () => {
        const rows = await outbox.next(batch);
        found = rows.length;
        if (found > 0) await this.#publish(rows);
      });
      if (found < batch) await this.#idle(ended);
    }
  }

  /** Until something is recorded, the poll interval is over, or the relay ends. */
  async #idle(ended: AbortSignal): Promise<void> {
    if (this.#nudged) return;
    this.#wake = new AbortController();
    await pause(this.#options.pollInterval ?? 250, AbortSignal.any([this.#wake.signal, ended]));
    this.#wake = undefined;
  }

  async #attempt(event: string, step: () => Promise<void>): Promise<void> {
    try {
      await step();
      this.#backOff.reset();
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      this.#log('warn', event, { error: String(error) });
      await this.#backOff.wait(this.#stop.signal);
    }
  }

  async #publish(rows: readonly OutboxRow[]): Promise<void> {
    const { connection, outbox, stream, onPublished, window = 64 } = this.#options;
    const sent: string[] = [];
    const aggregates = byAggregate(rows).values();
    let failure: unknown;
    const lane = async (): Promise<void> => {
      for (const aggregate of aggregates) {
        try {
          for (const row of aggregate) {
            await this.#publishOne(row);
            sent.push(row.id);
          }
        } catch (error) {
          // The rest of this aggregate waits, or a later version would overtake the one that failed.
          failure ??= error;
        }
        if (failure !== undefined) return;
      }
    };
    await Promise.all(Array.from({ length: window }, lane));
    if (sent.length > 0) {
      await outbox.markSent(sent);
      onPublished?.(sent.length);
    }
    if (failure !== undefined) {
      // JetStream's storage may have been wiped under us; the next attempt then finds a new stream.
      if (linkOf(connection).connected) await ensureStream(connection, stream);
      throw failure instanceof Error ? failure : new Error(String(failure));
    }
  }

  async #publishOne(row: OutboxRow): Promise<void> {
    const head = headers();
    head.set(aggregateHeader, row.aggregate);
    head.set(aggregateVersionHeader, String(row.aggregateVersion));
    if (row.personal) head.set(personalHeader, Buffer.from(row.personal).toString('base64url'));
    this.#options.failpoint?.('before-publish', row.subject);
    await this.#client.publish(row.subject, row.leaf, { msgID: row.id, headers: head });
    this.#options.failpoint?.('after-publish', row.subject);
  }
}

function byAggregate(rows: readonly OutboxRow[]): Map<string, OutboxRow[]> {
  const aggregates = new Map<string, OutboxRow[]>();
  for (const row of rows) {
    const versions = aggregates.get(row.aggregate);
    if (versions) versions.push(row);
    else aggregates.set(row.aggregate, [row]);
  }
  return aggregates;
}
