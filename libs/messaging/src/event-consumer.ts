import { jetstream, type ConsumerMessages, type JetStreamClient, type JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { BackOff } from './back-off.js';
import { batchesOf } from './batches.js';
import { runWithContext } from './call-context.js';
import { ensureConsumer, type Source } from './consumer-source.js';
import { closeWhenGone } from './gone-consumer.js';
import { HeldMessages } from './held-messages.js';
import { linkOf } from './link.js';
import { silent, type Log } from './log.js';
import { readEvent, type ReceivedEvent } from './received-event.js';
import { messagingOf, type Span, type Spans } from './spans.js';
import { ensureStream, type StreamState } from './stream.js';
import { UntakenMessages, type Buried } from './untaken-messages.js';
import { holdFor } from './waiting-messages.js';

/** How far a consumer has come, kept with its effect. */
export interface Position {
  /** RFC 3339, as in ReceivedEvent. */
  readonly streamCreated: string;
  readonly sequence: number;
}

/**
 * `applied`: done, also where it had been done before. `later`: not yet possible, say because a version is missing. `not_storable`:
 * for its own fault never possible; it is set aside as what is no event is.
 */
export type Outcome = 'applied' | 'later' | 'not_storable';

/** What became of one event: `failed` of all whose handler threw; it comes again. */
export type Settled = Outcome | 'failed';

export interface EventConsumerOptions {
  readonly connection: NatsConnection;
  readonly service: string;
  /**
   * A consumer that the service's replicas share, one of its durables in the contracts' table; undefined for one of each
   * replica's own, from now on.
   */
  readonly durable: string | undefined;
  /** Event subjects, wildcards allowed. */
  readonly subjects: readonly string[];
  /** Answers for each event, in order. A throw holds the whole batch. Must be idempotent, and stores the position itself. */
  readonly handle: (batch: ReceivedEvent[]) => Promise<Outcome[]>;
  readonly position?: { load(): Promise<Position | undefined> };
  /**
   * Reads from audit what came after `after` (undefined: everything), before anything of a new stream is consumed. Called
   * again until it succeeds. `from` is where consuming starts.
   */
  readonly reread?: (after: Position | undefined, from: Position) => Promise<void>;
  readonly onDeadLetter?: (letter: Buried) => void;
  /**
   * For a consumer whose events come again by themselves, as out of an outbox. What is answered `later` for some seconds, or cannot be set aside, is
   * let go of, an event told here: held for good, it and its repeats would become all that the consumer may have under way, and nothing new would come.
   */
  readonly onLetGo?: (event: ReceivedEvent) => void;
  /** Milliseconds since the epoch. What was published before is passed over: the state that it tells of was undone by a restore. */
  readonly notBefore?: number;
  /** After each batch: how many events became what, and how many the stream still holds for this consumer. */
  readonly onSettled?: (outcomes: readonly Settled[], pending: number) => void;
  readonly spans?: Spans | undefined;
  /** Events per batch. Default 256. */
  readonly batch?: number;
  readonly log?: Log;
}

/** Brings the stream's events to a handler, at least once each; makes its consumer and the stream again where they are gone. */
export class EventConsumer {
  readonly #options: EventConsumerOptions;
  readonly #log: Log;
  readonly #client: JetStreamClient;
  readonly #stop = new AbortController();
  readonly #sources: readonly Source[];
  #running: Promise<unknown> | undefined;
  /** `created` of the stream that the stored position has been held against. */
  #verified: string | undefined;
  /** Set when messages came that the verified stream had given before. */
  #suspect = false;
  #verifying: Promise<void> = Promise.resolve();

  constructor(options: EventConsumerOptions) {
    this.#options = options;
    this.#log = options.log ?? silent;
    this.#client = jetstream(options.connection, { timeout: 3_000 });
    const { durable, service, subjects } = options;
    // A consumer that is not durable has one subject, which is part of the API's subject, so that permissions can hold it.
    this.#sources = durable
      ? [{ durable, service, subjects, taken: undefined }]
      : subjects.map((subject) => ({ durable, service, subjects: [subject], taken: undefined }));
  }

  /** Returns at once; the consumer waits by itself for NATS and for whatever its handler and re-reading need. */
  start(): void {
    this.#running ??= Promise.all(this.#sources.map((source) => this.#run(source)));
  }

  /** Takes no more, finishes the batches it holds. The connection stays open. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    const { connection } = this.#options;
    if (linkOf(connection).connected) await connection.flush();
  }

  async #run(source: Source): Promise<void> {
    const { connection } = this.#options;
    const stopped = this.#stop.signal;
    const backOff = new BackOff(50, 5_000);
    for (;;) {
      await linkOf(connection).whenConnected(stopped);
      if (stopped.aborted) return;
      try {
        const stream = await ensureStream(connection);
        await this.#verify(stream);
        const info = await ensureConsumer(connection, source, stream);
        const messages = await this.#client.consumers
          .getConsumerFromInfo(info)
          // `bind`: looking after a lost consumer is done here, not in the client, which would only wait for it.
          .consume({ bind: true, max_messages: this.#batchSize * 2, expires: 10_000, idle_heartbeat: 2_500 });
        backOff.reset();
        await this.#consume(source, stream, messages);
      } catch (error) {
        this.#log('warn', 'consumer.interrupted', { consumer: this.#name, error: String(error) });
        await backOff.wait(stopped);
      }
    }
  }

  get #name(): string {
    return this.#options.durable ?? this.#options.service;
  }

  get #batchSize(): number {
    return this.#options.batch ?? 256;
  }

  /** Re-reads where the stored position says nothing about this stream. One at a time for all sources. */
  #verify(stream: StreamState): Promise<void> {
    const step = async (): Promise<void> => {
      const { position, reread } = this.#options;
      const taken = this.#lastTaken();
      const known = this.#verified === stream.created && (taken?.sequence ?? 0) <= stream.lastSequence;
      if (known && !this.#suspect) return;

      const after = position ? await position.load() : taken;
      const belongs =
        after?.streamCreated === stream.created &&
        after.sequence <= stream.lastSequence &&
        (position !== undefined || !this.#suspect);
      // Without a stored position the first start is "from now on".
      const firstStart = !position && this.#verified === undefined;
      if (!belongs && !firstStart) {
        this.#log('info', 'consumer.rereading', { consumer: this.#name, after, stream: stream.created });
        await reread?.(after, { streamCreated: stream.created, sequence: 0 });
        for (const source of this.#sources) source.taken = { streamCreated: stream.created, sequence: 0 };
      }
      this.#verified = stream.created;
      this.#suspect = false;
    };
    this.#verifying = this.#verifying.then(step, step);
    return this.#verifying;
  }

  #lastTaken(): Position | undefined {
    const taken = this.#sources.flatMap((source) => source.taken ?? []);
    return taken.reduce<Position | undefined>(
      (last, one) => (last && last.sequence >= one.sequence ? last : one),
      undefined,
    );
  }

  async #consume(source: Source, stream: StreamState, messages: ConsumerMessages): Promise<void> {
    const close = (): void => void messages.close();
    const { connection } = this.#options;
    const forgetDown = linkOf(connection).onDown(close);
    this.#stop.signal.addEventListener('abort', close);
    if (this.#stop.signal.aborted) close();
    void closeWhenGone(messages, (reason) => {
      this.#log('warn', 'consumer.gone', { consumer: this.#name, reason });
    });
    const held = new HeldMessages();
    const untaken = new UntakenMessages(connection, this.#name, this.#log, this.#options);
    try {
      for await (const batch of batchesOf(held.holding(messages), this.#batchSize)) {
        const before = source.taken?.streamCreated === stream.created ? source.taken.sequence : 0;
        const wentBack = batch.some((message) => !message.redelivered && message.seq <= before);
        if (wentBack) await this.#verifyAgain(source, stream);
        await this.#process(batch, stream, untaken);
        held.settled(batch);
        const sequence = Math.max(wentBack ? 0 : before, ...batch.map((message) => message.seq));
        source.taken = { streamCreated: stream.created, sequence };
      }
    } finally {
      held.release();
      forgetDown();
      this.#stop.signal.removeEventListener('abort', close);
      close();
    }
  }

  /** What was taken comes as if for the first time: the durable was made again, or the stream is not what it was. */
  async #verifyAgain(source: Source, stream: StreamState): Promise<void> {
    const now = await ensureStream(this.#options.connection);
    if (now.created !== stream.created) throw new Error('the stream is a new one');
    source.taken = { streamCreated: stream.created, sequence: 0 };
    this.#suspect = true;
    await this.#verify(now);
  }

  async #process(batch: readonly JsMsg[], stream: StreamState, untaken: UntakenMessages): Promise<void> {
    const readable: { message: JsMsg; event: ReceivedEvent }[] = [];
    for (const message of batch) {
      if (this.#isUndone(message)) {
        message.ack();
        continue;
      }
      const event = readEvent(message, stream.created);
      if ('unreadable' in event) await untaken.bury(message, event.unreadable);
      else readable.push({ message, event });
    }
    if (readable.length === 0) return;
    let outcomes: readonly Outcome[] = [];
    let failed = false;
    const events = readable.map(({ event }) => event);
    const spans = this.#options.spans && this.#begin(events, this.#options.spans);
    try {
      outcomes = await (spans ? within(spans, () => this.#options.handle(events)) : this.#options.handle(events));
    } catch (error) {
      failed = true;
      this.#log('warn', 'consumer.handler_failed', { consumer: this.#name, error });
    }
    const settled = events.map((_, index): Settled => (failed ? 'failed' : (outcomes[index] ?? 'later')));
    if (spans) for (const [index, span] of spans.entries()) span?.end(endOf(settled[index]));
    this.#options.onSettled?.(settled, readable.at(-1)?.message.info.pending ?? 0);
    for (const [index, { message, event }] of readable.entries()) {
      const outcome = settled[index];
      if (outcome === 'failed') message.nak(holdFor(message.info.deliveryCount));
      else if (outcome === 'later') untaken.hold(message, event);
      else if (outcome === 'not_storable') await untaken.bury(message, outcome);
      else {
        untaken.settled(message);
        message.ack();
      }
    }
  }

  /** What an outbox still has of it, it sends again. */
  #isUndone(message: JsMsg): boolean {
    const { notBefore } = this.#options;
    return notBefore !== undefined && message.info.timestampNanos / 1_000_000 < notBefore;
  }

  #begin(events: readonly ReceivedEvent[], spans: Spans): readonly (Span | undefined)[] {
    return events.map(({ envelope: { type, traceparent } }) =>
      spans.within(traceparent, 'consumer', `${this.#name} process`, messagingOf('process', type)),
    );
  }
}

/** In the trace of the events, where all are of one: what a batch of several does for all of them belongs to none. */
function within<T>(spans: readonly (Span | undefined)[], work: () => Promise<T>): Promise<T> {
  const [first] = spans;
  const one = first && spans.every((span) => span && traceIdOf(span) === traceIdOf(first));
  return one ? runWithContext({ traceparent: first.traceparent, deadline: Infinity }, work) : work();
}

const traceIdOf = ({ traceparent }: Span): string | undefined => traceparent.split('-', 2)[1];

const endOf = (settled: Settled | undefined) => ({
  attributes: { 'signet.outcome': settled ?? 'later' },
  fault: settled === 'failed' ? 'handler_failed' : undefined,
});
