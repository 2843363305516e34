import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { eventSubjects } from '@signet/contracts';
import { Keyring } from '@signet/keys';
import { EventConsumer, raiseDeadLetters, Requester, type Outcome, type ReceivedEvent } from '@signet/messaging';
import { Database } from '@signet/persistence';
import {
  failpointOf,
  Metrics,
  NatsLink,
  ServiceConfiguration,
  ServiceLogger,
  type NatsConnection,
} from '@signet/service';
import { v7 } from 'uuid';
import { Appended } from './appended.js';
import { Appender, Overtaken } from './appender.js';
import { Confirmations } from './confirmations.js';
import { holdWriter, releaseWriter } from './log-statements.js';
import { RefusedEvents } from './refused-events.js';

/** Seconds for which a writer holds its place without saying so again, and how often it does. */
const holds = 5;
const renews = 1.5;

/** Consumes every service's events while this replica is the writer, appends them and tells their services. */
@Injectable()
export class LogWriter implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly holder = v7();
  private readonly appender: Appender;
  private readonly confirmations: Confirmations;
  private readonly failpoint: ReturnType<typeof failpointOf> | undefined;
  private connection: NatsConnection | undefined;
  private consumer: EventConsumer | undefined;
  private epoch: number | undefined;
  private timer: NodeJS.Timeout | undefined;
  private turn: Promise<void> = Promise.resolve();
  private settling: Promise<void> | undefined;
  private waiting = false;
  /** Monotonic milliseconds. */
  private heldAt = 0;
  private stopped = false;

  constructor(
    private readonly link: NatsLink,
    requester: Requester,
    private readonly database: Database,
    private readonly logger: ServiceLogger,
    private readonly appended: Appended,
    private readonly refused: RefusedEvents,
    private readonly metrics: Metrics,
    keyring: Keyring,
    configuration: ServiceConfiguration,
  ) {
    this.appender = new Appender(database, keyring, logger, refused);
    this.confirmations = new Confirmations(requester, database, logger);
    this.failpoint = configuration.failpoint && failpointOf(configuration.failpoint);
  }

  /** Whether this replica takes the stream to the log, as far as it knows. */
  get isWriting(): boolean {
    return this.consumer !== undefined;
  }

  /** Under which it writes, as far as it knows; undefined while it does not. */
  get epochHeld(): number | undefined {
    return this.consumer && this.epoch;
  }

  onApplicationBootstrap(): void {
    this.link.use((connection) => {
      this.connection = connection;
      this.next();
      return { stop: () => this.stop() };
    });
    this.timer = setInterval(() => {
      this.next();
    }, renews * 1_000);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.stop();
  }

  /** One turn after the other, and one at most that waits. */
  private next(): void {
    if (this.waiting) return;
    this.waiting = true;
    this.turn = this.turn
      .then(() => {
        this.waiting = false;
        return this.hold();
      })
      // The next turn comes whatever became of this one.
      .catch((error: unknown) => {
        this.logger.warn('log.turn_failed', { error });
      });
  }

  /** Becomes or stays the writer, or stops writing where another one is. */
  private async hold(): Promise<void> {
    if (this.stopped || !this.connection) return;
    const asked = performance.now();
    try {
      const held = await this.database.first(holdWriter, { holder: this.holder, seconds: holds });
      if (held) this.heldAt = asked;
      if (held?.epoch !== this.epoch || !this.consumer) await this.take(this.connection, held?.epoch);
      // Not in the turn: who does not answer must not cost this replica its place.
      if (held) this.settling ??= this.settle().finally(() => (this.settling = undefined));
    } catch (error) {
      this.logger.warn('log.writer_not_held', { error });
      // It would go on taking events, and giving them back, from whoever is the writer by now.
      if (performance.now() - this.heldAt > holds * 1_000) await this.standBy();
    }
  }

  private async settle(): Promise<void> {
    await this.refused.settle();
    await this.confirmations.settle();
  }

  /** Under a new epoch, or none. */
  private async take(connection: NatsConnection, epoch: number | undefined): Promise<void> {
    await this.standBy();
    this.epoch = epoch;
    if (epoch === undefined) return;
    await this.confirmations.takeOver();
    this.consume(connection, epoch);
  }

  private async standBy(): Promise<void> {
    const consumer = this.consumer;
    this.consumer = undefined;
    await consumer?.stop();
  }

  private consume(connection: NatsConnection, epoch: number): void {
    this.logger.info('log.writing', { epoch });
    const restoredAt = this.database.origin?.restoredAt;
    this.consumer = new EventConsumer({
      connection,
      service: 'audit',
      durable: 'audit',
      subjects: [eventSubjects],
      handle: (batch) => this.handle(batch, epoch),
      ...(restoredAt !== undefined && { notBefore: restoredAt / 1_000 }),
      ...this.metrics.ofConsumer('audit'),
      spans: this.link.spans,
      onDeadLetter: (letter) => {
        this.refused.buried(letter);
      },
      onLetGo: (event) => {
        this.refused.waits(event);
      },
      log: this.logger.log,
    });
    this.consumer.start();
    raiseDeadLetters(connection).catch((error: unknown) => {
      this.logger.warn('log.dead_letters_not_raised', { error });
    });
  }

  private async handle(batch: ReceivedEvent[], epoch: number): Promise<Outcome[]> {
    const { outcomes, confirmed, tenants } = await this.append(batch, epoch);
    if (tenants.size > 0) this.appended.tell(tenants);
    this.failpoint?.('before-confirm', 'audit');
    await this.confirmations.tell(confirmed);
    this.failpoint?.('after-confirm', 'audit');
    return [...outcomes];
  }

  private async append(batch: ReceivedEvent[], epoch: number): ReturnType<Appender['append']> {
    try {
      return await this.appender.append(batch, epoch);
    } catch (error) {
      if (error instanceof Overtaken) this.next();
      throw error;
    }
  }

  private async stop(): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    clearInterval(this.timer);
    await this.turn;
    await this.standBy().catch((error: unknown) => {
      this.logger.warn('log.turn_failed', { error });
    });
    await this.settling;
    if (this.epoch === undefined) return;
    await this.database.execute(releaseWriter, { holder: this.holder }).catch((error: unknown) => {
      this.logger.warn('log.writer_not_released', { error });
    });
  }
}
