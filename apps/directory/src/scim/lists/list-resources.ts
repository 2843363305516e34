import type { TenantId } from '@signet/contracts';
import { composed, type Database } from '@signet/persistence';
import { z } from 'zod';
import { compileFilter, type Table } from '../filter/compile-filter.js';
import { invalid } from '../scim-error.js';
import type { ListQuery } from './list-query.js';

/** A table whose rows are resources, each as JSON. */
export interface Listed<T> extends Table {
  /** `<service>.<noun>.<verb>`. */
  readonly statement: string;
  /** SQL: the row as JSON. */
  readonly json: string;
  readonly row: z.ZodType<T>;
  /** SQL: what is sorted by, of what an index has in its order. */
  readonly orders: Readonly<Record<string, string>>;
}

export interface Page<T> {
  readonly total: number;
  readonly found: readonly T[];
}

/**
 * One page, and how many there are in all, in one statement; in the order of their ids, which is that of their creation, where no
 * other is asked for. Throws ScimError where no index would answer.
 */
export async function listResources<T>(
  database: Pick<Database, 'execute'>,
  listed: Listed<T>,
  tenantId: TenantId,
  { filter, sortBy = 'id', descending, startIndex, count }: ListQuery,
): Promise<Page<T>> {
  const values: unknown[] = [tenantId];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const condition = filter ? `${listed.rows} and ${compileFilter(listed, filter, bind)}` : listed.rows;
  const order = listed.orders[sortBy];
  if (order === undefined) throw invalid('invalidValue', `There is no index to sort by ${sortBy}; see docs/scim.md`);
  const { name } = listed;
  const direction = descending ? 'desc' : 'asc';
  // An answer without a row still says how many there are.
  const text = `select counted.total, found.resource
    from (select count(*)::int as total from ${name} where ${condition}) counted
    left join (
      select row_number() over (order by ${order} ${direction}, ${name}.id ${direction}) as position, ${listed.json} as resource
      from ${name} where ${condition}
      order by ${order} ${direction}, ${name}.id ${direction} limit ${bind(count)}::int offset ${bind(startIndex - 1)}::int
    ) found on true order by found.position`;
  const row = z.object({ total: z.int(), resource: listed.row.nullable() });
  const rows = await database.execute(composed({ name: listed.statement, text, values, row }), undefined);
  return { total: rows[0]?.total ?? 0, found: rows.flatMap(({ resource }) => resource ?? []) };
}
