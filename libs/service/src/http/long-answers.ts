/**
 * Answers that have no end of their own. They end after the drain, when the port has long been left: whoever comes back is sent to another
 * replica.
 */
export class LongAnswers {
  readonly #ending = new AbortController();

  /** Aborted when they are to end. */
  get ending(): AbortSignal {
    return this.#ending.signal;
  }

  end(): void {
    this.#ending.abort();
  }
}
