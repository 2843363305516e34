import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { envelope, rereadEntries } from '@signet/contracts';
import { EventConsumer, Requester, type Outcome, type Position, type ReceivedEvent } from '@signet/messaging';
import { advanceConsumerPosition, Database, readConsumerPosition } from '@signet/persistence';
import { Metrics, NatsLink, ServiceLogger } from '@signet/service';
import type { z } from 'zod';
import { RevocationFollower } from './revocation-follower.js';
import { SessionEnding } from './session-ending.js';

const subjects = ['signet.events.v1.*.token.revocation.raised'];
const consumerName = 'session-revocations';
const page = 500;

/** Brings the floors that token raised to this service; what a lost stream kept back is read again from the log. */
@Injectable()
export class RevocationConsumer implements OnApplicationBootstrap {
  private readonly follower: RevocationFollower;

  constructor(
    private readonly link: NatsLink,
    private readonly requester: Requester,
    private readonly database: Database,
    private readonly logger: ServiceLogger,
    private readonly metrics: Metrics,
    ending: SessionEnding,
  ) {
    this.follower = new RevocationFollower(ending);
  }

  onApplicationBootstrap(): void {
    const onDeadLetter = this.metrics.deadLettersOf(consumerName);
    this.link.use((connection) => {
      const consumer = new EventConsumer({
        connection,
        service: 'session',
        durable: consumerName,
        subjects,
        handle: (batch) => this.handle(batch),
        position: { load: () => this.position() },
        reread: (after, from) => this.reread(after, from),
        ...this.metrics.ofConsumer(consumerName),
        spans: this.link.spans,
        onDeadLetter,
        log: this.logger.log,
      });
      consumer.start();
      return consumer;
    });
  }

  private async handle(batch: ReceivedEvent[]): Promise<Outcome[]> {
    for (const event of batch) await this.follower.apply(event);
    const last = batch.at(-1);
    if (last) await this.advance(last);
    return batch.map(() => 'applied');
  }

  private async reread(after: Position | undefined, from: Position): Promise<void> {
    let position: Position | { ordinal: number } | undefined = after;
    for (;;) {
      const read: z.output<typeof rereadEntries.response> = await this.requester.request(rereadEntries, {
        ...(position && { after: position }),
        subjects,
        limit: page,
      });
      for (const { leaf } of read.entries) {
        const text = Buffer.from(leaf, 'base64url').toString('utf8');
        await this.follower.apply({ envelope: envelope.parse(JSON.parse(text)) });
      }
      if (!read.more) break;
      position = { ordinal: read.next };
    }
    await this.advance(from);
  }

  private position(): Promise<Position | undefined> {
    return this.database.first(readConsumerPosition, { consumer: consumerName });
  }

  private async advance({ streamCreated, sequence }: Position): Promise<void> {
    await this.database.execute(advanceConsumerPosition, { consumer: consumerName, streamCreated, sequence });
  }
}
