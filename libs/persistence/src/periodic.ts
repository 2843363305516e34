/** Does `work` every `milliseconds`, never twice at once, until stopped. Failures are `onFailure`'s; the next turn comes anyway. */
export class Periodic {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(
    private readonly milliseconds: number,
    private readonly work: () => Promise<unknown>,
    private readonly onFailure: (error: unknown) => void = () => undefined,
  ) {}

  start(): this {
    this.#timer = setTimeout(() => {
      this.#running = this.work().then(() => undefined, this.onFailure);
      void this.#running.then(() => {
        if (!this.#stopped) this.start();
      });
    }, this.milliseconds).unref();
    return this;
  }

  /** Resolves when no turn is under way any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }
}
