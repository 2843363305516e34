import type { Comparison } from './parse-filter.js';

export const textOf = (value: Comparison['value']): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** SQL's, for the operators that times are compared by. */
export const timeOperators: Partial<Record<Comparison['operator'], string>> = {
  eq: '=',
  gt: '>',
  ge: '>=',
  lt: '<',
  le: '<=',
};

/** A time with its zone, as Postgres may be given it; undefined for what is none. */
export function readTimeOf(value: unknown): string | undefined {
  const isTime =
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/.test(value);
  const time = isTime ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

/** What sorts, by bytes, after everything that begins with `prefix`. */
export const upTo = (prefix: string): string => `${prefix}\u{10ffff}`;
