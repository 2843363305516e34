import type { queryEntries } from '@signet/contracts';
import { statement, type Statement } from '@signet/persistence';
import type { z } from 'zod';
import { entryColumns, entryRow, type EntryRow } from './entry-row.js';

export type Filters = z.output<typeof queryEntries.request>;
type Lead = 'aggregate' | 'session' | 'account' | 'client' | 'type' | 'none';

/** The filter that leaves least comes first: its index decides how much is looked at. */
const leads = ['aggregate', 'session', 'account', 'client', 'type'] as const satisfies readonly Lead[];

const place: Readonly<Record<(typeof leads)[number], number>> = {
  type: 2,
  account: 3,
  client: 4,
  session: 5,
  aggregate: 6,
};

const condition = (column: (typeof leads)[number], lead: Lead): string => {
  const given = `$${place[column]}::text`;
  return column === lead ? `entry.${column} = ${given}` : `(${given} is null or entry.${column} = ${given})`;
};

/**
 * Newest first; a filter that is null filters nothing. One text for each leading filter, since a prepared statement keeps one plan
 * for all its uses; and tenant by tenant, as every index begins.
 */
const queryBy = (lead: Lead): Statement<Filters, EntryRow> =>
  statement({
    name: `audit.entry.query-by-${lead}`,
    text: `
select found.* from log_head head cross join lateral (
  select ${entryColumns} from entry
  where entry.tenant_id = head.tenant_id
    and ${leads.map((column) => condition(column, lead)).join('\n    and ')}
    and ($7::timestamptz is null or entry.received_at >= $7)
    and ($8::bigint is null or ordinal < $8)
  order by ordinal desc limit $9
) found
where $1::uuid is null or head.tenant_id = $1
order by ordinal desc limit $9`,
    parameters: (p) => [
      p.tenantId ?? null,
      p.type ?? null,
      p.account ?? null,
      p.client ?? null,
      p.session ?? null,
      p.aggregate ?? null,
      p.since ?? null,
      p.before ?? null,
      p.limit,
    ],
    row: entryRow,
  });

const queries: Readonly<Record<Lead, Statement<Filters, EntryRow>>> = {
  aggregate: queryBy('aggregate'),
  session: queryBy('session'),
  account: queryBy('account'),
  client: queryBy('client'),
  type: queryBy('type'),
  none: queryBy('none'),
};

export function queryFor(filters: Filters): Statement<Filters, EntryRow> {
  return queries[leads.find((lead) => filters[lead] !== undefined) ?? 'none'];
}
