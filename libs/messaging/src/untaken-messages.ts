import type { JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { keepDeadLetter } from './dead-letters.js';
import type { Log } from './log.js';
import { unreadable, type ReceivedEvent } from './received-event.js';
import { holdFor, WaitingMessages } from './waiting-messages.js';

/** Why a message was set aside. */
export const refusals = [...unreadable, 'not_storable'] as const;
export type Refusal = (typeof refusals)[number];

/** A message that was set aside. */
export interface Buried {
  readonly subject: string;
  readonly reason: Refusal;
  /** Under which it was published; empty where it was under none. */
  readonly id: string;
  readonly data: Uint8Array;
}

interface Told {
  readonly onDeadLetter?: (letter: Buried) => void;
  readonly onLetGo?: (event: ReceivedEvent) => void;
}

/** What a consumer was given and did not take: held for later, let go of, or set aside for good. */
export class UntakenMessages {
  readonly #waiting = new WaitingMessages();

  constructor(
    private readonly connection: NatsConnection,
    private readonly consumer: string,
    private readonly log: Log,
    private readonly told: Told,
  ) {}

  /** What comes again by itself is not held for good. */
  hold(message: JsMsg, event?: ReceivedEvent): void {
    const { onLetGo } = this.told;
    if (!onLetGo) message.nak(holdFor(message.info.deliveryCount));
    else if (!this.#waiting.hold(message)) {
      this.#waiting.settled(message);
      if (event) onLetGo(event);
      message.ack();
    }
  }

  /** Nothing is lost by it: the producer's outbox keeps the event until audit has confirmed it. */
  async bury(message: JsMsg, reason: Refusal): Promise<void> {
    const { connection, consumer } = this;
    try {
      await keepDeadLetter(connection, consumer, message, reason);
    } catch (error) {
      this.log('warn', 'consumer.dead_letter_not_kept', { consumer, seq: message.seq, error: String(error) });
      this.hold(message);
      return;
    }
    this.#waiting.settled(message);
    const { subject, seq, data, headers } = message;
    this.log('error', 'consumer.dead_letter', { consumer, subject, seq, reason });
    this.told.onDeadLetter?.({ subject, data, reason, id: headers?.get('Nats-Msg-Id') ?? '' });
    message.ack();
  }

  settled(message: JsMsg): void {
    this.#waiting.settled(message);
  }
}
