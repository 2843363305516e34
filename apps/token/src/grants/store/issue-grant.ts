import {
  deadBy,
  type DeadBy,
  type GrantId,
  type InstanceId,
  type RecordedEvent,
  type issueGrant,
} from '@signet/contracts';
import { eventParameter, statement, timestampOf } from '@signet/persistence';
import { z } from 'zod';
import type { ReservedPlace } from '../../status-lists/status-places.js';
import { insertEntry, placeParameter } from '../../status-lists/store/insert-entry.js';
import { judgedGrant, judgedGrantParameters } from './judged-grant.js';

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
  /** Of an access token of the front channel: what it rests on, and its place. */
  readonly instanceId?: InstanceId | undefined;
  readonly place?: ReservedPlace | undefined;
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
  /** Whether the access token of the front channel has the place. */
  readonly listed: boolean;
}

/** What the person agrees to: the scopes, and those that hold the claims asked for by name. */
export const agreedTo = ({ scopes, claims }: GrantIssue['request']): string[] => [
  ...new Set([...scopes, ...(claims?.agreed ?? [])]),
];

/** RFC 9126 section 7.3: the pushed request, where there is one, is spent with what it leads to. */
const spending = {
  ctes: `spent as (
    update pushed_request p set spent_at = clock_timestamp() from willing
    where p.tenant_id = willing.tenant_id and p.id = $30::uuid and p.hash = $31::bytea and p.client_id = willing.client_id
      and p.spent_at is null
    returning p.id
  )`,
  condition: '$30::uuid is null or exists (select from spent)',
};

/**
 * The last step of every sign-in, as one statement: floors, the client's version, the consent, the pushed request that is spent by it,
 * then the grant and the code with their events, and the record of what the front channel gets.
 */
export const issueGrantStatement = statement<GrantIssue, GrantVerdict>({
  name: 'token.grant.issue',
  text: `with ${judgedGrant({ wanted: '$27::text[]', spending })}, issued as (
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
  ), listed as (
    ${insertEntry({
      row: `(select allowed.tenant_id, $32::uuid as instance_id, chosen.id as grant_id, session_id, true as online, account_id, client_id, since,
        scopes, $18::text[] as resources from allowed, chosen)`,
      place: '$33',
      resources: 'null',
      scopes: 'null',
    })}
  )
  select dead_by as "deadBy", stale, missing, unasked, (select id from chosen) as "grantId",
    exists (select from issued) or exists (select from front where recorded is not null) as issued,
    exists (select from willing) and not exists (select from allowed) as "requestSpent", exists (select from listed) as listed
  from judged`,
  parameters: ({ request, sub, grantId, instanceId, place, ...events }) => [
    ...judgedGrantParameters({ request, grantId, ...events }),
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
    instanceId ?? null,
    placeParameter(place),
  ],
  row: z.object({
    deadBy: deadBy.nullable(),
    stale: z.boolean(),
    unasked: z.boolean(),
    missing: z.array(z.string()),
    issued: z.boolean(),
    grantId: z.string().nullable(),
    requestSpent: z.boolean(),
    listed: z.boolean(),
  }),
  records: true,
});
