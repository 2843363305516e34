import { jetstream, type JetStreamClient } from '@nats-io/jetstream';
import { headers, InvalidArgumentError, type NatsConnection } from '@nats-io/transport-node';
import type { Failpoint } from '@signet/contracts';
import { z } from 'zod';
import { BackOff, pause } from './back-off.js';
import { linkOf } from './link.js';
import { silent, type Log } from './log.js';
import type { OutboxLease, OutboxPort, OutboxRow } from './outbox-port.js';
import { NatsRefused } from './refusal.js';
import { messagingOf, type Span, type Spans } from './spans.js';
import { ensureStream } from './stream.js';
import { aggregateHeader, aggregateVersionHeader, personalHeader } from './wire.js';

export interface OutboxRelayOptions {
  readonly connection: NatsConnection;
  readonly outbox: OutboxPort;
  readonly failpoint?: Failpoint;
  /** After each batch, with the number of events that the stream has acknowledged. */
  readonly onPublished?: (count: number) => void;
  readonly spans?: Spans | undefined;
  readonly log?: Log;
  /** Rows per batch. Default 512. */
  readonly batch?: number;
  /** Publishes under way at once. Default 64. */
  readonly window?: number;
  /** Milliseconds between looks at the outbox that nobody asked for. Default 250. */
  readonly pollInterval?: number;
  /** Milliseconds in which what follows the first recorded event joins its batch. Default 10. */
  readonly linger?: number;
  /** Milliseconds, at most, between looks while the outbox gives nothing of what is recorded, since too much is unconfirmed. Default 250. */
  readonly heldBack?: number;
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
  /** What was refused last, and told of. */
  #refused = '';
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
    ended.addEventListener('abort', () => this.#wake?.abort());
    let streamIsThere = false;
    /** Looks one after the other that gave nothing of what was recorded. */
    let inVain = 0;
    for (;;) {
      await linkOf(connection).whenConnected(ended);
      if (ended.aborted) return;
      const nudged = this.#nudged;
      this.#nudged = false;
      let more = true as boolean;
      let given = 0;
      await this.#attempt('relay.publish_failed', async () => {
        // A failed publish may mean that JetStream's storage was wiped under us.
        if (!streamIsThere) await ensureStream(connection);
        streamIsThere = false;
        const rows = await outbox.next(batch);
        await this.#publish(rows);
        streamIsThere = true;
        given = rows.length;
        more = given >= batch;
      });
      inVain = nudged && given === 0 ? inVain + 1 : 0;
      if (!more) await this.#idle(ended, inVain);
    }
  }

  /** Until something is recorded, the poll interval is over, or the relay ends. */
  async #idle(ended: AbortSignal, inVain: number): Promise<void> {
    const { pollInterval = 250, linger = 10, heldBack = 250 } = this.#options;
    if (!this.#nudged && !ended.aborted) {
      this.#wake = new AbortController();
      await pause(pollInterval, this.#wake.signal);
      this.#wake = undefined;
    }
    // What comes in a burst goes in one batch: two statements for many events.
    if (this.#nudged) await pause(Math.min(heldBack, linger * 2 ** inVain), ended);
  }

  async #attempt(event: string, step: () => Promise<void>): Promise<void> {
    try {
      await step();
      this.#backOff.reset();
      this.#refused = '';
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      const refusal = error instanceof NatsRefused ? error.message : '';
      if (refusal === '') this.#log('warn', event, { error: String(error) });
      else if (refusal !== this.#refused) this.#log('error', event, { error: refusal });
      this.#refused = refusal;
      await this.#backOff.wait(this.#stop.signal);
    }
  }

  async #publish(rows: readonly OutboxRow[]): Promise<void> {
    if (rows.length === 0) return;
    const { outbox, onPublished, window = 64 } = this.#options;
    const sent: string[] = [];
    const aggregates = byAggregate(rows).values();
    const failures: unknown[] = [];
    let natsIsAway = false;
    const lane = async (): Promise<void> => {
      for (const aggregate of aggregates) {
        try {
          for (const row of aggregate) {
            await this.#publishOne(row);
            sent.push(row.id);
          }
        } catch (error) {
          // The rest of this aggregate waits, or a later version would overtake the one that failed.
          failures.push(error);
          natsIsAway ||= !(error instanceof InvalidArgumentError);
        }
        if (natsIsAway) return;
      }
    };
    await Promise.all(Array.from({ length: window }, lane));
    if (sent.length > 0) {
      await outbox.markSent(sent);
      onPublished?.(sent.length);
    }
    if (failures.length > 0) throw failures[0];
  }

  async #publishOne(row: OutboxRow): Promise<void> {
    const head = headers();
    head.set(aggregateHeader, row.aggregate);
    head.set(aggregateVersionHeader, String(row.aggregateVersion));
    if (row.personal) head.set(personalHeader, Buffer.from(row.personal).toString('base64url'));
    this.#options.failpoint?.('before-publish', row.subject);
    const span = this.#options.spans && spanOf(row, this.#options.spans);
    try {
      await linkOf(this.#options.connection).whileConnected(() =>
        this.#client.publish(row.subject, row.leaf, { msgID: row.id, headers: head }),
      );
      span?.end();
    } catch (error) {
      span?.end({ fault: 'not_published' });
      throw error;
    }
    this.#options.failpoint?.('after-publish', row.subject);
  }
}

const traced = z.object({ type: z.string(), traceparent: z.string() });

/** The relay is long after the request: the event itself says whose trace it is of. */
function spanOf(row: OutboxRow, spans: Spans): Span | undefined {
  const event = traced.safeParse(JSON.parse(Buffer.from(row.leaf).toString('utf8')));
  if (!event.success) return undefined;
  const { type, traceparent } = event.data;
  return spans.within(traceparent, 'producer', 'outbox send', messagingOf('send', type));
}

/** Each aggregate's rows in the order of its versions. */
function byAggregate(rows: readonly OutboxRow[]): Map<string, OutboxRow[]> {
  const aggregates = new Map<string, OutboxRow[]>();
  for (const row of rows) {
    const versions = aggregates.get(row.aggregate);
    if (versions) versions.push(row);
    else aggregates.set(row.aggregate, [row]);
  }
  for (const versions of aggregates.values()) versions.sort((a, b) => a.aggregateVersion - b.aggregateVersion);
  return aggregates;
}
