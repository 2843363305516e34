import type { Micros, RecordedEvent } from '@signet/contracts';
import { eventParameter, microsOf, statement, timestampOf } from '@signet/persistence';
import type { FloorRow } from '../floor-index.js';
import { floorColumns, floorRow } from './floor-row.js';

/** One floor to raise; `event` records it, if it changes anything. */
export interface Raise {
  readonly raiseId: string;
  readonly tenantId: string;
  readonly kind: string;
  readonly key: string;
  readonly reason: string;
  readonly expiresAt?: Micros;
  readonly version?: number;
  readonly spare?: { readonly sessionId: string; readonly since: Micros };
  readonly event: RecordedEvent;
}

// Sorted, so that two calls with the same floors lock them in the same order.
const input = `input as materialized (
    select tenant_id, raise_id, kind, key, reason, event, version, spare_session_id,
      ${timestampOf('expires_at')} as expires_at, ${timestampOf('spare_since')} as spare_since
    from jsonb_to_recordset($1::jsonb) as given (tenant_id uuid, raise_id uuid, kind text, key text, reason text,
      expires_at bigint, version bigint, spare_session_id uuid, spare_since bigint, event jsonb)
    order by tenant_id, kind, key
  )`;

const recorded = `select ${floorColumns},
    record_event(input.event, 1, jsonb_build_object('data', jsonb_build_object('at', ${microsOf('f.at')})))
  from raised f join input using (tenant_id, kind, key)`;

const identity = (raise: Raise) => ({
  tenant_id: raise.tenantId,
  raise_id: raise.raiseId,
  kind: raise.kind,
  key: raise.key,
});

const parameters = (raises: readonly Raise[]): readonly unknown[] => [
  JSON.stringify(
    raises.map((raise) => ({
      ...identity(raise),
      reason: raise.reason,
      expires_at: raise.expiresAt,
      version: raise.version,
      spare_session_id: raise.spare?.sessionId,
      spare_since: raise.spare?.since,
      event: JSON.parse(eventParameter(raise.event)) as unknown,
    })),
  ),
];

/** Token, instance and session floors. What has expired needs none any more. No two of a call may be of one kind and key. */
export const raiseUntimed = statement<readonly Raise[], FloorRow>({
  name: 'token.floor.raise-untimed',
  text: `with ${input}, raised as (
    insert into floor (tenant_id, kind, key, reason, expires_at, changed_at)
    select tenant_id, kind, key, reason, expires_at, clock_timestamp() from input where expires_at > clock_timestamp()
    on conflict (tenant_id, kind, key) do update set expires_at = excluded.expires_at, changed_at = clock_timestamp()
      where floor.expires_at < excluded.expires_at
    returning *
  ) ${recorded}`,
  parameters,
  row: floorRow,
  records: true,
});

export const raiseVersions = statement<readonly Raise[], FloorRow>({
  name: 'token.floor.raise-versions',
  text: `with ${input}, raised as (
    insert into floor (tenant_id, kind, key, reason, version, changed_at)
    select tenant_id, kind, key, reason, version, clock_timestamp() from input
    on conflict (tenant_id, kind, key) do update set version = excluded.version, changed_at = clock_timestamp()
      where floor.version < excluded.version
    returning *
  ) ${recorded}`,
  parameters,
  row: floorRow,
  records: true,
});

// Of two spares of one session the earlier one's bound stays; one that the standing floor does not spare must have begun after it.
const bound = `case when floor.spare_session_id = excluded.spare_session_id then floor.spare_after else floor.at end`;
const honoured = `coalesce(excluded.spare_since > ${bound}, false)`;

/**
 * Grant, account, client and tenant floors, for raises that were not made before. A spare never brings back what is dead already:
 * inserted, it spares all of its session; over a standing floor only what that one did not end.
 */
export const raiseTimed = statement<readonly Raise[], FloorRow>({
  name: 'token.floor.raise-timed',
  text: `with ${input}, fresh as (
    insert into raise (tenant_id, id, kind, key) select tenant_id, raise_id, kind, key from input
    on conflict do nothing
    returning tenant_id, kind, key
  ), raised as (
    insert into floor (tenant_id, kind, key, reason, at, spare_session_id, spare_since, spare_after, changed_at)
    select tenant_id, kind, key, reason, clock_timestamp(), spare_session_id, spare_since,
      case when spare_session_id is not null then timestamptz 'epoch' end, clock_timestamp()
    from input join fresh using (tenant_id, kind, key) order by tenant_id, kind, key
    on conflict (tenant_id, kind, key) do update set
      reason = excluded.reason,
      at = greatest(floor.at, clock_timestamp()),
      spare_session_id = case when ${honoured} then excluded.spare_session_id end,
      spare_since = case when ${honoured} then excluded.spare_since end,
      spare_after = case when ${honoured} then ${bound} end,
      changed_at = clock_timestamp()
    returning *
  ) ${recorded}`,
  parameters,
  row: floorRow,
  records: true,
});

/** SQL: dates the floors of the raises that `due` has, in the order in which everybody locks them. */
const dateDue = `held as (
    select floor.tenant_id, floor.kind, floor.key from floor
    where (tenant_id, kind, key) in (select tenant_id, kind, key from due)
    order by tenant_id, kind, key for update
  )
  update floor f set at = greatest(f.at, clock_timestamp()), changed_at = clock_timestamp()
  from held where f.tenant_id = held.tenant_id and f.kind = held.kind and f.key = held.key
  returning ${floorColumns}`;

/**
 * Dates the floors of these raises after their commit: whoever read rights before the floor could be seen has an earlier `since`.
 * Once for each raise. Gives them as they stand, dated now or before.
 */
export const redate = statement<readonly Raise[], FloorRow>({
  name: 'token.floor.redate',
  text: `with ${input}, due as (
    update raise set redated_at = clock_timestamp() from input
    where raise.tenant_id = input.tenant_id and raise.id = input.raise_id and raise.kind = input.kind and raise.key = input.key
      and raise.redated_at is null
    returning raise.tenant_id, raise.kind, raise.key
  ), ${dateDue}`,
  parameters: (raises) => [JSON.stringify(raises.map(identity))],
  row: floorRow,
});

/**
 * The same for raises that whoever made them has not dated within a second: their process ended, or Postgres was away. They may have
 * been told of as done since, by a repeat that found nothing more to do.
 */
export const redateLeft = statement<{ readonly limit: number }, FloorRow>({
  name: 'token.floor.redate-left',
  text: `with left_over as (
    select tenant_id, id, kind, key from raise
    where redated_at is null and kind in ('grant', 'account', 'client', 'tenant')
      and raised_at < (select clock_timestamp()) - interval '1 second'
    order by raised_at limit $1 for update skip locked
  ), due as (
    update raise set redated_at = clock_timestamp() from left_over
    where raise.tenant_id = left_over.tenant_id and raise.id = left_over.id and raise.kind = left_over.kind
      and raise.key = left_over.key
    returning raise.tenant_id, raise.kind, raise.key
  ), ${dateDue}`,
  parameters: ({ limit }) => [limit],
  row: floorRow,
});
