import { composed, filtered, statement, type Filter, type Statement } from '@signet/persistence';
import { entryColumns, entryRow, type EntryRow } from './entry-row.js';

export interface EntryFilters {
  readonly tenantId: string;
  /** At least one. */
  readonly types?: readonly string[] | undefined;
  readonly actor?: string | undefined;
  readonly account?: string | undefined;
  readonly client?: string | undefined;
  readonly session?: string | undefined;
  readonly aggregate?: string | undefined;
  readonly trace?: string | undefined;
  readonly outcome?: 'success' | 'failure' | undefined;
  /** MACs, under one key or several. */
  readonly network?: { readonly address?: readonly Uint8Array[]; readonly prefix: readonly Uint8Array[] } | undefined;
  /** Milliseconds since the epoch: from this one on. */
  readonly since?: number | undefined;
  /** Before this one. */
  readonly until?: number | undefined;
}

export interface EntryRange {
  readonly order: 'newest' | 'oldest';
  /** The id of the last entry of the page before. */
  readonly after: string | undefined;
  readonly limit: number;
}

/** Filters whose indexes find few. */
const selective = ['actor', 'account', 'client', 'session', 'aggregate', 'trace', 'network'] as const;

/**
 * A tenant's entries in the order of their ids, which is that of their times. Each index begins with the tenant and one filter and ends with
 * the id, so that a page is read from where it begins; of several filters the planner takes the one that leaves least. Where a filter has
 * several values, each is read in order by itself, and of what they give together the page is made.
 */
export function findEntries(
  filters: EntryFilters,
  { order, after, limit }: EntryRange,
): Statement<undefined, EntryRow> {
  const values: unknown[] = [filters.tenantId];
  const { network, types, since, until, outcome } = filters;
  const newest = order === 'newest';
  const several = severalOf(filters);
  const one = <T>(of: readonly T[] | undefined) => (of?.length === 1 ? of[0] : undefined);
  const many = <T>(of: readonly T[] | undefined) => (of && of.length > 1 ? of : undefined);
  const [from, first] =
    !newest && after !== undefined ? ['>', after] : ['>=', since === undefined ? undefined : leastIdOf(since)];
  const end = newest && after !== undefined ? after : until === undefined ? undefined : leastIdOf(until);
  const conditions: Filter[] = [
    ['type = ?', one(types)],
    ['type = any(?::text[])', several?.column === 'type' ? undefined : many(types)],
    ['actor = ?', filters.actor],
    ['account = ?', filters.account],
    ['client = ?', filters.client],
    ['session = ?', filters.session],
    ['aggregate = ?', filters.aggregate],
    ['trace = ?::uuid', filters.trace],
    ['network_prefix = ?', one(network?.prefix)],
    ['network_address = any(?::bytea[])', network?.address],
    ['failed = ?', outcome && outcome === 'failure'],
  ];
  const limited = (...by: readonly string[]) =>
    `order by ${by.map((name) => `${name} ${newest ? 'desc' : 'asc'}`).join(', ')} limit $${values.push(limit)}`;
  if (!several) {
    conditions.push([`id ${from} ?::uuid`, first], ['id < ?::uuid', end]);
    const text = `select ${entryColumns} from entry where tenant_id = $1${filtered(values, conditions)} ${limited('id')}`;
    return composed({ name: 'audit.entry.find', text, values, row: entryRow });
  }
  // As rows, so that the order is that of no index but the one which begins with the value, however common Postgres thinks it is.
  const { column, type } = several;
  conditions.push(
    [`(${column}, id) ${from} (wanted.value, ?::uuid)`, first ?? leastId],
    [`(${column}, id) < (wanted.value, ?::uuid)`, end ?? greatestId],
  );
  const wanted = `unnest($${values.push(several.values)}::${type}[]) as wanted (value)`;
  const text = `select found.* from ${wanted} cross join lateral (
      select ${entryColumns} from entry where tenant_id = $1 and ${column} is not null${filtered(values, conditions)}
      ${limited(column, 'id')}
    ) as found ${limited('id')}`;
  return composed({ name: 'audit.entry.find', text, values, row: entryRow });
}

export const findEntry = statement<{ tenantId: string; id: string }, EntryRow>({
  name: 'audit.entry.find-one',
  text: `select ${entryColumns} from entry where tenant_id = $1 and id = $2`,
  parameters: ({ tenantId, id }) => [tenantId, id],
  row: entryRow,
});

function severalOf({ network, types, ...filters }: EntryFilters) {
  if (network && network.prefix.length > 1)
    return { column: 'network_prefix', type: 'bytea', values: network.prefix } as const;
  const narrowed = network !== undefined || selective.some((name) => name !== 'network' && filters[name] !== undefined);
  return types && types.length > 1 && !narrowed
    ? ({ column: 'type', type: 'text', values: types } as const)
    : undefined;
}

export const leastId = '00000000-0000-0000-0000-000000000000';
export const greatestId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** RFC 9562 section 5.7: the first 48 bits of a UUIDv7 are its milliseconds. */
export function leastIdOf(milliseconds: number): string {
  const head = Math.max(0, Math.min(milliseconds, 2 ** 48 - 1))
    .toString(16)
    .padStart(12, '0');
  return `${head.slice(0, 8)}-${head.slice(8)}-0000-0000-000000000000`;
}
