import type { JsMsg } from '@nats-io/jetstream';

/** Milliseconds after which what a dead replica held goes to another. A living one says in time that it still works. */
export const ackWait = 4_000;

/** The messages that were taken and not yet answered, kept from being delivered again meanwhile. */
export class HeldMessages {
  readonly #messages = new Set<JsMsg>();
  readonly #pulse = setInterval(() => {
    for (const message of this.#messages) message.working();
  }, ackWait / 3).unref();

  async *holding(messages: AsyncIterable<JsMsg>): AsyncGenerator<JsMsg> {
    for await (const message of messages) {
      this.#messages.add(message);
      yield message;
    }
  }

  settled(messages: readonly JsMsg[]): void {
    for (const message of messages) this.#messages.delete(message);
  }

  /** Gives back what is left, for whoever asks next. */
  release(): void {
    clearInterval(this.#pulse);
    for (const message of this.#messages) message.nak();
    this.#messages.clear();
  }
}
