import type { DeadBy, Micros } from '@signet/contracts';
import { ignoredRow, micros, microsOf, statement } from '@signet/persistence';
import { z } from 'zod';
import { floorReaches } from '../../floors/store/against.js';
import { reach } from '../../floors/floors.js';

interface Asked {
  readonly tenantId: string;
  /** Of the list: its first index, and how many it has. */
  readonly first: number;
  readonly size: number;
}

export interface ListState {
  /** Postgres' time before the snapshot: every floor that was committed before is in it. */
  readonly at: Micros;
  /** Whether a token of the list may live. */
  readonly exists: boolean;
  /** Places in the list whose tokens lie under a floor. */
  readonly revoked: readonly number[];
}

/** SQL: how a floor of each kind finds entries `e`. */
const found = {
  token: 'e.jti = floor.key',
  instance: 'e.instance_id = floor.key::uuid',
  session: 'e.session_id = floor.key::uuid',
  grant: 'e.grant_id = floor.key::uuid',
  account: 'e.account_id = floor.key::uuid',
  client: 'e.client_id = floor.key',
} as const satisfies Record<Exclude<DeadBy, 'tenant'>, string>;

/**
 * For the transaction of `buildList`: its tokens are many, its floors mostly few and sometimes thousands, and the planner knows neither.
 * It would go through all of the floors for each token.
 */
export const joinByHash = statement<object, unknown>({
  name: 'token.status-list.join-by-hash',
  text: `select set_config('enable_nestloop', 'off', true), set_config('enable_mergejoin', 'off', true)`,
  parameters: () => [],
  row: ignoredRow,
});

const ofList = `e.tenant_id = $1 and e.index >= $2 and e.index < $2 + $3::bigint and e.expires_at > statement_timestamp()`;

/** By the tenant's floor, which is one and spares nothing, and by each of the other kinds. */
const deadEntries = [
  `select e.index from status_entry e where ${ofList} and exists (select from recent where kind = 'tenant')
    and e.since <= (select at from recent where kind = 'tenant')`,
  ...Object.entries(found).map(
    ([
      kind,
      condition,
    ]) => `select e.index from status_entry e join recent floor on floor.kind = '${kind}' and ${condition}
    where ${ofList} and ${floorReaches({ since: 'e.since', session: 'e.session_id' })}`,
  ),
];

/**
 * What became of a list's tokens, as `deadBy` of dead.ts decides it. Floors older than the longest life of an access token find none of them,
 * as in a replica's memory, so that few are held against all of the list, a kind at a time: a kind without floors costs nothing.
 */
export const buildList = statement<Asked, ListState>({
  name: 'token.status-list.build',
  text: `with recent as materialized (
    select * from floor where tenant_id = $1 and changed_at >= statement_timestamp() - ${reach} * interval '1 millisecond'
  )
  select ${microsOf('statement_timestamp()')} as at, exists (select from status_entry e where ${ofList}) as exists,
    array(select (index - $2)::integer from (${deadEntries.join(' union ')}) dead) as revoked`,
  parameters: (p) => [p.tenantId, p.first, p.size],
  row: z.object({ at: micros, exists: z.boolean(), revoked: z.array(z.int()) }),
});
