import { micros as instant, type Micros } from '@signet/contracts';
import { z } from 'zod';

/** A bigint column that stays below 2^53; pg gives bigint as text. */
export const int8 = z
  .union([z.string().regex(/^-?\d{1,19}$/), z.int()])
  .transform(Number)
  .pipe(z.int());

/** An instant that the statement selected as microseconds (`microsOf`). */
export const micros: z.ZodType<Micros> = int8.pipe(instant);

/** A bytea column. */
export const bytea = z.custom<Uint8Array>((value) => Buffer.isBuffer(value), 'expected bytes');

/** For statements that return no rows, or none that anybody reads. */
export const ignoredRow = z.unknown();

/** SQL: a timestamptz as whole microseconds since the epoch, exactly. */
export function microsOf(timestamptz: string): string {
  return `(extract(epoch from ${timestamptz}) * 1000000)::bigint`;
}

/** SQL: whole microseconds as a timestamptz, exactly; to_timestamp() goes through a double of seconds and is not. */
export function timestampOf(microseconds: string): string {
  return `(timestamptz 'epoch' + ${microseconds}::bigint * interval '1 microsecond')`;
}

/** SQL: Postgres' time now, in microseconds; moves on within a statement and a transaction. */
export const nowMicros = microsOf('clock_timestamp()');
