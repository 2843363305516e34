import type { z } from 'zod';
import { RowMismatch } from './errors.js';

/** A named prepared statement: what a hot path may ask of Postgres, one round trip each. */
export interface Statement<P, R> {
  readonly name: string;
  readonly text: string;
  readonly parameters: (p: P) => readonly unknown[];
  readonly row: z.ZodType<R>;
  readonly records: boolean;
  /** False: planned anew each time, for its values. */
  readonly prepared: boolean;
}

// Postgres cuts names of prepared statements at 63 bytes.
const nameForm = /^(?=.{1,63}$)[a-z][a-z0-9]*(?:\.[a-z][a-z0-9_-]*){2,}$/;
const texts = new Map<string, string>();

/**
 * Declares a statement.
 *
 * `name` is `<service>.<noun>.<verb>` and stands for one text only, since a session of Postgres keeps what it prepared under it.
 * `parameters` gives the values of $1, $2, …; arrays for JSON columns must be made text by it. `row` parses every row that
 * comes back (bigint arrives as text, bytea as Buffer, timestamptz as Date). `records: true` says that the statement writes
 * the outbox; it is refused with OutboxFull while the outbox is at its ceiling.
 */
export function statement<P, R>(s: {
  name: string;
  text: string;
  parameters: (p: P) => readonly unknown[];
  row: z.ZodType<R>;
  records?: boolean;
}): Statement<P, R> {
  if (!nameForm.test(s.name))
    throw new TypeError(`A statement's name is <service>.<noun>.<verb>, at most 63 characters: ${s.name}`);
  if ((texts.get(s.name) ?? s.text) !== s.text) throw new TypeError(`Two statements are called ${s.name}.`);
  texts.set(s.name, s.text);
  return {
    name: s.name,
    text: s.text,
    parameters: s.parameters,
    row: s.row,
    records: s.records ?? false,
    prepared: true,
  };
}

/**
 * A statement whose text is made for what was asked: of no session is it kept, since there is no end to them. `name` is the same
 * for all that are asked in one place. What came from outside is a parameter, never text.
 */
export function composed<R>(s: {
  name: string;
  text: string;
  values: readonly unknown[];
  row: z.ZodType<R>;
}): Statement<undefined, R> {
  if (!nameForm.test(s.name)) throw new TypeError(`A statement's name is <service>.<noun>.<verb>: ${s.name}`);
  return { name: s.name, text: s.text, parameters: () => s.values, row: s.row, records: false, prepared: false };
}

/** What pg is given of it. */
export const queryOf = ({ name, text, prepared }: Pick<Statement<never, unknown>, 'name' | 'text' | 'prepared'>) =>
  prepared ? { name, text } : { text };

/** Every row through the statement's schema. Throws RowMismatch, which names columns and never values. */
export function parseRows<R>(s: Pick<Statement<never, R>, 'name' | 'row'>, rows: readonly unknown[]): R[] {
  return rows.map((row) => {
    const parsed = s.row.safeParse(row);
    if (parsed.success) return parsed.data;
    throw new RowMismatch(
      s.name,
      parsed.error.issues.map((issue) => `${issue.path.join('.') || 'row'}: ${issue.code}`),
    );
  });
}
