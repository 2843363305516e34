import type { Micros } from '@signet/contracts';
import { int8, micros, microsOf, nowMicros, statement, timestampOf } from '@signet/persistence';
import { z } from 'zod';
import type { FloorRow } from '../floor-index.js';
import { reach } from '../floors.js';
import { floorColumns, floorRow } from './floor-row.js';

interface PollRow {
  began: Micros;
  now: Micros;
  /** Keys of all tenants that became known: what their replicas know of keys is as old as their last poll too. */
  compromisedKeys: number;
  floor: FloorRow | undefined;
}

const read = z.object({ began: micros, now: micros, compromised: int8, kind: z.string().nullable() }).loose();

// statement_timestamp() comes before the snapshot, clock_timestamp() after: a floor that the snapshot missed was committed later.
export const pollFloors = statement<{ since: Micros | undefined; limit: number }, PollRow>({
  name: 'token.floor.poll',
  text: `select ${microsOf('statement_timestamp()')} as began, ${nowMicros} as now, ${floorColumns},
      (select count(*) from tenant_key where compromised_at is not null) as compromised
    from (values (1)) as one left join lateral (
      select * from floor
      where floor.changed_at >= coalesce(${timestampOf('$1')}, clock_timestamp() - ${reach} * interval '1 millisecond')
      limit $2
    ) f on true`,
  parameters: ({ since, limit }) => [since ?? null, limit],
  row: read.transform((row): PollRow => ({
    began: row.began,
    now: row.now,
    compromisedKeys: row.compromised,
    floor: row.kind === null ? undefined : floorRow.parse(row),
  })),
});

interface Search {
  tenantId: string;
  keys: readonly (readonly [kind: string, key: string])[];
}

export const findFloors = statement<Search, FloorRow>({
  name: 'token.floor.find',
  text: `select ${floorColumns} from unnest($2::text[], $3::text[]) as held (kind, key)
    join floor f on f.tenant_id = $1 and f.kind = held.kind and f.key = held.key`,
  parameters: ({ tenantId, keys }) => [tenantId, keys.map(([kind]) => kind), keys.map(([, key]) => key)],
  row: floorRow,
});
