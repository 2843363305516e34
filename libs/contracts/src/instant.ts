import { z } from 'zod';

/** An instant: whole microseconds since the Unix epoch. Postgres' own resolution, exact in a double until the year 2255. */
export const micros = z.int().nonnegative().brand('Micros');
export type Micros = z.infer<typeof micros>;

export const microsPerSecond = 1_000_000;

/** RFC 3339 in UTC with milliseconds, the form of every time that leaves the system as text. */
export function rfc3339(at: Micros): string {
  return new Date(at / 1000).toISOString();
}

/** Whole seconds since the epoch, rounded down: a JWT's NumericDate (RFC 7519 section 2). */
export function numericDate(at: Micros): number {
  return Math.floor(at / microsPerSecond);
}

export function plusSeconds(at: Micros, seconds: number): Micros {
  return micros.parse(at + Math.round(seconds * microsPerSecond));
}
