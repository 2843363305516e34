import { micros, type Micros } from '@signet/contracts';

/** A clock that stands still until it is told to move. */
export class FakeClock {
  #now: Micros;

  /** @param start RFC 3339 */
  constructor(start = '2026-01-01T00:00:00.000Z') {
    this.#now = micros.parse(Date.parse(start) * 1_000);
  }

  now(): Micros {
    return this.#now;
  }

  /** Moves by seconds, back too. */
  advance(seconds: number): void {
    this.#now = micros.parse(this.#now + Math.round(seconds * 1_000_000));
  }
}
