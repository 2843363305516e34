/**
 * Answers that have no end of their own. They end when the service is about to stop listening, after its drain: by then proxies send
 * whoever comes back to another replica.
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
