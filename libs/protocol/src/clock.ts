/** An instant: whole microseconds since the Unix epoch, a safe integer (good until the year 2255). */
export type Micros = number;

/**
 * The time that decisions are made by. In services it is the process's estimate of Postgres time, so that two replicas
 * never disagree about an expiry; it may throw where that estimate is too old to be relied upon.
 */
export interface Clock {
  now(): Micros;
}

/** NumericDate (RFC 7519 section 2) of an instant, rounded down: a token is never dated later than what it rests on. */
export const toSeconds = (instant: Micros): number => Math.floor(instant / 1_000_000);

export const fromSeconds = (seconds: number): Micros => Math.round(seconds * 1_000_000);
