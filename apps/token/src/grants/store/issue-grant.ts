import { deadBy, type DeadBy, type GrantId, type RecordedEvent, type issueGrant } from '@signet/contracts';
import { eventParameter, statement, timestampOf } from '@signet/persistence';
import { z } from 'zod';
import { deadByOrder, floorsAgainst, staleClient } from '../../floors/store/against.js';

/** Seconds. RFC 6749 section 4.1.2 recommends at most ten minutes; a client redeems at once. */
export const codeLifetime = 60;

export interface GrantIssue {
  readonly request: z.output<typeof issueGrant.request>;
  readonly sub: string;
  /** For a grant that does not stand yet. */
  readonly grantId: GrantId;
  /** Where a code is made. */
  readonly codeIssued: RecordedEvent | undefined;
  /** Where the authorization endpoint itself gives tokens. */
  readonly frontChannelIssued: RecordedEvent | undefined;
  readonly grantCreated: RecordedEvent;
  readonly grantExtended: RecordedEvent;
}

export interface GrantVerdict {
  readonly deadBy: DeadBy | null;
  readonly stale: boolean;
  /** The person has to be asked, and for what of it they did not agree to. */
  readonly unasked: boolean;
  readonly missing: readonly string[];
  readonly issued: boolean;
  /** What tokens of the front channel rest on. */
  readonly grantId: string | null;
  /** The pushed request has given a code before, or is not this client's. */
  readonly requestSpent: boolean;
}

/** What the person agrees to: the scopes, and those that hold the claims asked for by name. */
export const agreedTo = ({ scopes, claims }: GrantIssue['request']): string[] => [
  ...new Set([...scopes, ...(claims?.agreed ?? [])]),
];

const standing = floorsAgainst({
  tenant: 'asked.tenant_id',
  since: 'asked.since',
  client: 'asked.client_id',
  account: 'asked.account_id',
  grant: 'known.id',
  session: 'asked.session_id',
});

// A withdrawn consent (a grant floor later than the agreement) counts for nothing: what is agreed to then replaces it.
const withdrawn = (grant: string) =>
  `exists (select from floor where floor.tenant_id = ${grant}.tenant_id and floor.kind = 'grant'
      and floor.key = ${grant}.id::text and floor.at >= ${grant}.agreed_at)`;

const ofGrant = (event: string) =>
  `${event}::jsonb || jsonb_build_object('aggregate', 'grant:' || id), version, jsonb_build_object('aggregate', 'grant:' || id)`;

/**
 * The last step of every sign-in, as one statement: floors, the client's version, the consent, the pushed request that is spent by it,
 * then the grant and the code with their events, and the record of what the front channel gets. `known` is the grant of the snapshot; one
 * made meanwhile is met by the conflict.
 */
export const issueGrantStatement = statement<GrantIssue, GrantVerdict>({
  name: 'token.grant.issue',
  text: `with asked as materialized (
    select $1::uuid as tenant_id, $2::text as client_id, $3::uuid as account_id, $4::uuid as session_id,
      ${timestampOf('$5')} as since, $6::text[] as scopes, $7::text as consent,
      $27::text[] as wanted
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
  ), spent as (
    update pushed_request p set spent_at = clock_timestamp() from willing
    where p.tenant_id = willing.tenant_id and p.id = $30::uuid and p.hash = $31::bytea and p.client_id = willing.client_id
      and p.spent_at is null
    returning p.id
  ), allowed as materialized (
    select * from willing where $30::uuid is null or exists (select from spent)
  ), agreed as (
    insert into "grant" as g (tenant_id, id, account_id, client_id, organisation_id, scopes, version, agreed_at)
    select tenant_id, $9::uuid, account_id, client_id, $10::uuid, wanted, 1, clock_timestamp() from allowed
    where consent = 'approved'
    on conflict (tenant_id, account_id, client_id) do update set
      scopes = case when g.agreed_at is null or ${withdrawn('g')} then excluded.scopes
        else array(select unnest(g.scopes) union select unnest(excluded.scopes) order by 1) end,
      version = g.version + 1,
      agreed_at = clock_timestamp()
    returning id, case when version = 1 then record_event(${ofGrant('$11')}) else record_event(${ofGrant('$12')}) end
  ), unasked as (
    insert into "grant" as g (tenant_id, id, account_id, client_id, organisation_id, scopes, version)
    select tenant_id, $9::uuid, account_id, client_id, $10::uuid, '{}', 0 from allowed
    where consent = 'first_party' and known_id is null
    on conflict (tenant_id, account_id, client_id) do update set version = g.version
    returning id
  ), chosen as (
    select id from agreed union all select id from unasked
    union all select known_id from allowed where consent <> 'approved' and known_id is not null
  ), issued as (
    insert into code (tenant_id, id, hash, client_id, redirect_uri, code_challenge, nonce, scopes, resources, grant_id, account_id,
      sub, organisation_id, session_id, session_expires_at, since, auth_time, acr, amr, expires_at, dpop_jkt,
      id_token_claims, userinfo_claims)
    select tenant_id, $13::uuid, $14::bytea, client_id, $15, $16, $17, scopes, $18::text[], chosen.id, account_id,
      $19, $10::uuid, session_id, ${timestampOf('$20')}, since, ${timestampOf('$21')}, $22, $23::text[],
      clock_timestamp() + ${codeLifetime} * interval '1 second', $26, $28::text[], $29::text[]
    from allowed, chosen where $13::uuid is not null
    returning record_event($24::jsonb, version)
  ), front as materialized (
    select record_event($25::jsonb, 1) as recorded from allowed, chosen where $25::jsonb is not null
  )
  select dead_by as "deadBy", stale, missing, unasked, (select id from chosen) as "grantId",
    exists (select from issued) or exists (select from front where recorded is not null) as issued,
    exists (select from willing) and not exists (select from allowed) as "requestSpent"
  from judged`,
  parameters: ({ request, sub, grantId, ...events }) => [
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
    eventParameter(events.grantCreated),
    eventParameter(events.grantExtended),
    request.code?.id ?? null,
    request.code ? Buffer.from(request.code.hash, 'base64url') : null,
    request.redirectUri,
    request.codeChallenge ?? null,
    request.nonce ?? null,
    request.resources,
    sub,
    request.authentication.sessionExpiresAt,
    request.authentication.authTime,
    request.authentication.acr,
    request.authentication.amr,
    events.codeIssued ? eventParameter(events.codeIssued) : null,
    events.frontChannelIssued ? eventParameter(events.frontChannelIssued) : null,
    request.dpopJkt ?? null,
    agreedTo(request),
    request.claims?.idToken ?? [],
    request.claims?.userinfo ?? [],
    request.pushed?.id ?? null,
    request.pushed ? Buffer.from(request.pushed.secretHash, 'base64url') : null,
  ],
  row: z.object({
    deadBy: deadBy.nullable(),
    stale: z.boolean(),
    unasked: z.boolean(),
    missing: z.array(z.string()),
    issued: z.boolean(),
    grantId: z.string().nullable(),
    requestSpent: z.boolean(),
  }),
  records: true,
});
