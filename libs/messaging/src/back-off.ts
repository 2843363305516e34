import { setTimeout as delay } from 'node:timers/promises';

/** Doubling waits with a ceiling and jitter, so that replicas which failed together do not return together. */
export class BackOff {
  #attempt = 0;

  constructor(
    /** Milliseconds. */
    private readonly first: number,
    /** Milliseconds. */
    private readonly ceiling: number,
  ) {}

  reset(): void {
    this.#attempt = 0;
  }

  /** Resolves after the next wait, or as soon as `signal` aborts. */
  async wait(signal: AbortSignal): Promise<void> {
    const full = Math.min(this.ceiling, this.first * 2 ** this.#attempt++);
    await pause(full * (0.75 + Math.random() / 4), signal);
  }
}

/** Resolves after `milliseconds`, or as soon as `signal` aborts; never keeps the process alive. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal, ref: false }).catch(() => undefined);
}
