import type { Authentication, GrantId, RecordedEvent } from '@signet/contracts';
import { eventParameter, timestampOf } from '@signet/persistence';
import { deadByOrder, floorsAgainst, staleClient } from '../../floors/store/against.js';

/** Whose grant, to whom, and how it was agreed to. */
export interface JudgedGrant {
  readonly request: {
    readonly tenantId: string;
    readonly clientId: string;
    readonly clientVersion: number;
    readonly authentication: Authentication;
    readonly scopes: readonly string[];
    readonly consent: 'first_party' | 'remembered' | 'approved';
  };
  /** For a grant that does not stand yet. */
  readonly grantId: GrantId;
  readonly grantCreated: RecordedEvent;
  readonly grantExtended: RecordedEvent;
}

const standing = floorsAgainst({
  tenant: 'asked.tenant_id',
  since: 'asked.since',
  client: 'asked.client_id',
  account: 'asked.account_id',
  grant: 'known.id',
  session: 'asked.session_id',
});

// A withdrawn consent (a grant floor later than the agreement) counts for nothing: what is agreed to then replaces it.
const withdrawn = (grant: string, after: 'agreed_at' | 'last_used_at' = 'agreed_at') =>
  `exists (select from floor where floor.tenant_id = ${grant}.tenant_id and floor.kind = 'grant'
      and floor.key = ${grant}.id::text and floor.at >= ${grant}.${after})`;

const ofGrant = (event: string) =>
  `${event}::jsonb || jsonb_build_object('aggregate', 'grant:' || id), version, jsonb_build_object('aggregate', 'grant:' || id)`;

/**
 * SQL: the CTEs that begin the last step of every sign-in: floors, the client's version and the consent are judged, and the grant is made
 * or extended with its event. `judged` says what stands against it; `allowed` and `chosen` (id) have a row each where nothing does. `known`
 * is the grant of the snapshot; one made meanwhile is met by the conflict. That it is used is noted at most once a minute. `wanted`: an expression, what the person agrees to. `from`: a
 * condition of what asks, as FROM and WHERE. `spending`: what is spent by it where all are `willing`, and the condition that it was. The parameters are $1 … $12.
 */
export const judgedGrant = ({
  wanted,
  from = '',
  spending,
}: {
  readonly wanted: string;
  readonly from?: string;
  readonly spending?: { readonly ctes: string; readonly condition: string };
}) => `asked as materialized (
    select $1::uuid as tenant_id, $2::text as client_id, $3::uuid as account_id, $4::uuid as session_id,
      ${timestampOf('$5')} as since, $6::text[] as scopes, $7::text as consent,
      ${wanted} as wanted ${from}
  ), known as materialized (
    select g.tenant_id, g.id, case when g.agreed_at is null or ${withdrawn('g')} then null else g.scopes end as agreed
    from "grant" g join asked using (tenant_id, account_id, client_id)
  ), judged as materialized (
    select asked.*, known.id as known_id,
      (select held.kind from (${standing}) held order by array_position(${deadByOrder}, held.kind) limit 1) as dead_by,
      ${staleClient('asked.tenant_id', 'asked.client_id', '$8::bigint')} as stale,
      case when asked.consent = 'remembered' and known.agreed is null then asked.wanted
        when asked.consent = 'remembered'
          then array(select lacking from unnest(asked.wanted) as lacking where lacking <> all (known.agreed))
        else '{}' end as missing,
      asked.consent = 'remembered' and (known.agreed is null or not asked.wanted <@ known.agreed) as unasked
    from asked left join known on true
  ), willing as materialized (
    select * from judged where dead_by is null and not stale and not unasked
  )${spending === undefined ? '' : `, ${spending.ctes}`}, allowed as materialized (
    select * from willing where ${spending?.condition ?? 'true'}
  ), agreed as (
    insert into "grant" as g (tenant_id, id, account_id, client_id, organisation_id, scopes, version, agreed_at, last_used_at)
    select tenant_id, $9::uuid, account_id, client_id, $10::uuid, wanted, 1, statement_timestamp(), statement_timestamp() from allowed
    where consent = 'approved'
    on conflict (tenant_id, account_id, client_id) do update set
      scopes = case when g.agreed_at is null or ${withdrawn('g')} then excluded.scopes
        else array(select unnest(g.scopes) union select unnest(excluded.scopes) order by 1) end,
      version = g.version + 1,
      agreed_at = statement_timestamp(),
      last_used_at = statement_timestamp()
    returning id, case when version = 1 then record_event(${ofGrant('$11')}) else record_event(${ofGrant('$12')}) end
  ), unasked as (
    insert into "grant" as g (tenant_id, id, account_id, client_id, organisation_id, scopes, version, last_used_at)
    select tenant_id, $9::uuid, account_id, client_id, $10::uuid, '{}', 0, statement_timestamp() from allowed
    where consent = 'first_party' and known_id is null
    on conflict (tenant_id, account_id, client_id) do update set version = g.version
    returning id
  ), used as (
    update "grant" g set last_used_at = statement_timestamp() from allowed
    where g.tenant_id = allowed.tenant_id and g.id = allowed.known_id and allowed.consent <> 'approved'
      and (g.last_used_at is null or g.last_used_at < clock_timestamp() - interval '1 minute' or ${withdrawn('g', 'last_used_at')})
  ), chosen as (
    select id from agreed union all select id from unasked
    union all select known_id from allowed where consent <> 'approved' and known_id is not null
  )`;

/** $1 … $12. */
export const judgedGrantParameters = ({
  request,
  grantId,
  grantCreated,
  grantExtended,
}: JudgedGrant): readonly unknown[] => [
  request.tenantId,
  request.clientId,
  request.authentication.accountId,
  request.authentication.sessionId,
  request.authentication.since,
  request.scopes,
  request.consent,
  request.clientVersion,
  grantId,
  request.authentication.organisationId,
  eventParameter(grantCreated),
  eventParameter(grantExtended),
];
