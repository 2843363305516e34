import type { JsMsg } from '@nats-io/jetstream';

/** Times that one message may be held: some three seconds, in which what it waits for mostly comes. */
const mostTimes = 6;

/** Milliseconds before a message that was held comes again. */
export const holdFor = (deliveries: number): number => Math.min(50 * 2 ** deliveries, 5_000);

/** Counts how often each message was held since reading began: deliveries would count those that nobody looked at, too. */
export class WaitingMessages {
  readonly #times = new Map<number, number>();

  /** Holds it once more; false where that was often enough. */
  hold(message: Pick<JsMsg, 'seq' | 'info' | 'nak'>): boolean {
    const times = (this.#times.get(message.seq) ?? 0) + 1;
    if (times > mostTimes) return false;
    this.#times.set(message.seq, times);
    message.nak(holdFor(message.info.deliveryCount));
    return true;
  }

  settled({ seq }: Pick<JsMsg, 'seq'>): void {
    this.#times.delete(seq);
  }
}
