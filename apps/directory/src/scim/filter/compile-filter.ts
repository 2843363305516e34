import { invalid } from '../scim-error.js';
import type { Combination, Comparison, Filter, ValueFilter } from './parse-filter.js';

/** Adds a value to a query's parameters and gives its place: `$2`. */
export type Bind = (value: unknown) => string;

/** A boolean expression over a table's row. */
export interface Condition {
  readonly sql: string;
  /** Whether an index finds the rows. */
  readonly indexed: boolean;
}

export interface Table {
  /** SQL: which rows there are at all. */
  readonly rows: string;
  readonly name: string;
  /** Undefined for what cannot be asked. */
  comparison(of: Comparison, bind: Bind): Condition | undefined;
  value(of: ValueFilter, bind: Bind): Condition | undefined;
}

/**
 * A filter as a boolean expression that indexes answer: each branch of an `or` on its own, of an `and` at least one part.
 * Values are parameters always. Throws ScimError `invalidFilter` where there is no index for it.
 */
export function compileFilter(table: Table, filter: Filter, bind: Bind): string {
  const { sql, indexed } = conditionOf(table, filter, bind);
  if (!indexed) throw unindexed();
  return sql;
}

const unindexed = () => invalid('invalidFilter', 'There is no index for this filter; see filter in docs/scim.md');

function conditionOf(table: Table, filter: Filter, bind: Bind): Condition {
  switch (filter.kind) {
    case 'comparison':
      return known(table.comparison(filter, bind));
    case 'value':
      return known(table.value(filter, bind));
    case 'and':
      return conjunction(table, filter, bind);
    case 'or':
      return disjunction(table, filter, bind);
    case 'presence':
    case 'not':
      throw unindexed();
  }
}

function known(condition: Condition | undefined): Condition {
  if (!condition) throw unindexed();
  return condition;
}

function conjunction(table: Table, { filters }: Combination, bind: Bind): Condition {
  const parts = filters.map((filter) => conditionOf(table, filter, bind));
  return { sql: `(${parts.map(({ sql }) => sql).join(' and ')})`, indexed: parts.some(({ indexed }) => indexed) };
}

/** Postgres answers an `or` of subqueries by reading the table; a union of what each finds is read by their indexes. */
function disjunction(table: Table, { filters }: Combination, bind: Bind): Condition {
  const parts = filters.map((filter) => conditionOf(table, filter, bind));
  if (!parts.every(({ indexed }) => indexed)) {
    return { sql: `(${parts.map(({ sql }) => sql).join(' or ')})`, indexed: false };
  }
  const selects = parts.map(({ sql }) => `select ${table.name}.id from ${table.name} where ${table.rows} and ${sql}`);
  return { sql: `${table.name}.id in (${selects.join(' union ')})`, indexed: true };
}
