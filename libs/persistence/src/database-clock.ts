import type { Micros } from '@signet/contracts';
import { ClockUnknown } from './errors.js';

const oldestMilliseconds = 5_000;
const slowestMilliseconds = 2_000;

/**
 * The process's estimate of Postgres' time: what the last poll read, moved on by the monotonic clock. Never the machine's own
 * time of day, so that a replica with a wrong clock neither issues nor accepts by it.
 */
export class DatabaseClock {
  #observed: { postgres: number; at: number; sentAt: number } | undefined;

  /** `monotonic` gives milliseconds that never go back. */
  constructor(private readonly monotonic: () => number = () => performance.now()) {}

  /**
   * Takes one reading of clock_timestamp(), with the monotonic times between which it was made. A reading that took over two
   * seconds says too little and is dropped; so is one that began before the reading held.
   */
  observe(postgresMicros: Micros, sentAt: number, receivedAt: number): void {
    if (receivedAt - sentAt > slowestMilliseconds) return;
    if (this.#observed && sentAt < this.#observed.sentAt) return;
    this.#observed = { postgres: postgresMicros, at: (sentAt + receivedAt) / 2, sentAt };
  }

  /** Postgres' time now, to half a round trip. Throws ClockUnknown without a reading of the last five seconds. */
  now(): Micros {
    const observed = this.#fresh();
    if (observed === undefined) throw new ClockUnknown();
    return Math.round(observed.postgres + (this.monotonic() - observed.at) * 1000) as Micros;
  }

  /** The latest that Postgres' time can be now, less than a round trip after `now()`. Throws as that. */
  latest(): Micros {
    const observed = this.#fresh();
    if (observed === undefined) throw new ClockUnknown();
    return Math.ceil(observed.postgres + (this.monotonic() - observed.sentAt) * 1000) as Micros;
  }

  /** True if now() has an answer. */
  known(): boolean {
    return this.#fresh() !== undefined;
  }

  #fresh(): { postgres: number; at: number; sentAt: number } | undefined {
    const observed = this.#observed;
    return observed && this.monotonic() - observed.sentAt <= oldestMilliseconds ? observed : undefined;
  }
}
