import type { RecordedEvent } from '@signet/contracts';
import { eventParameter, int8, statement } from '@signet/persistence';
import type { FamilyRotation, GrantFacts } from '@signet/protocol';
import { z } from 'zod';
import { floorsAgainst, staleClient } from '../../floors/store/against.js';
import type { FloorRow } from '../../floors/floor-index.js';
import { floorColumns, floorRow } from '../../floors/store/floor-row.js';
import { reach } from '../../floors/floors.js';
import type { ReservedPlace } from '../../status-lists/status-places.js';
import { insertEntry, placeParameter } from '../../status-lists/store/insert-entry.js';
import { factsColumns, factsOf, factsRow } from './facts-row.js';
import { isOffline, resourcesLeft, someScopeLeft } from './registered-scopes.js';

/** Seconds in which a client may have lost the answer and asks again. */
export const grace = 10;

export interface Rotate {
  readonly tenantId: string;
  readonly rotation: FamilyRotation;
  /** Seconds without use, by the tenant's policy. */
  readonly idle: number;
  readonly place: ReservedPlace | undefined;
  readonly rotated: RecordedEvent;
  readonly repeated: RecordedEvent;
  readonly reused: RecordedEvent;
}

export interface Rotated {
  readonly outcome: 'rotated' | 'repeated' | 'reused';
  readonly facts: GrantFacts;
  readonly epoch: number;
  readonly generation: number;
  readonly floor: FloorRow | undefined;
  /** Whether its access token has the place. */
  readonly listed: boolean;
}

export const familyStanding = floorsAgainst({
  tenant: 'f.tenant_id',
  since: 'f.since',
  client: 'f.client_id',
  account: 'f.account_id',
  grant: 'f.grant_id',
  session: 'case when f.session_expires_at is not null then f.session_id end',
  instance: 'f.instance_id',
});

/** A part of what was granted, and of that something that the client may ask for by now. `held`: SQL, its scopes. */
export const withinScopes = (row: string, held: string) =>
  `($5::text[] is null or ($5::text[] <@ ${row}.scopes and $5::text[] && ${held}::text[]))`;

/** `open`: SQL, what is open to the client by now. */
export const withinResources = (row: string, open: string) =>
  `(cardinality($6::text[]) = 0 or cardinality(${row}.resources) = 0 or $6::text[] <@ ${row}.resources) and ${resourcesLeft(row, '$6', open)}`;

/** The client may ask for some of it by now: an offline family is none without offline_access. */
export const ofRegisteredScopes = (row: string, held: string) =>
  `(${someScopeLeft(row, held)} and (${row}.session_expires_at is not null or ${isOffline(row, held)}))`;

/** What a refresh token names and is bound to: $1 … $7. */
export const familyBindings = ({
  tenantId,
  rotation: r,
}: Pick<Rotate, 'tenantId' | 'rotation'>): readonly unknown[] => [
  tenantId,
  r.presented.family,
  r.client.clientId,
  r.presented.epoch,
  r.scopes ?? null,
  r.resources,
  r.jkt ?? null,
];

/** RFC 9449 section 5: the key that the family is bound to, where it is; so nobody else's repeat is within the grace. */
export const ofFamilyKey = (row: string) => `(${row}.jkt is null or ${row}.jkt is not distinct from $7)`;

// Each column is decided by what the locked row says and by no clock but one: only repeat or reuse is a matter of time, and ended_at
// alone holds that. generation and repeats then tell rotation and repeat apart.
const current = 'f.generation = $8::bigint';
const withinGrace = `f.generation = $8::bigint + 1 and f.rotated_at > clock_timestamp() - ${grace} * interval '1 second'`;

// Asked of a token that is good for an answer; one that is not is reuse, whatever it asks for. Where the grace ends after this was
// judged, the columns above see reuse.
const within = `${withinScopes('f', '$15')} and ${withinResources('f', '$16')} and ${ofRegisteredScopes('f', '$15')}`;
const withinIfGood = `((${within}) or not (${current} or (${withinGrace})))`;

const rotateOutcome = z.enum(['rotated', 'repeated', 'reused']);

/**
 * Rotates, repeats or ends a family, judged on the row that it has locked, and records it. A statement that waited for another one
 * sees what that one left.
 */
export const rotateFamily = statement<Rotate, Rotated>({
  name: 'token.family.rotate',
  text: `with moved as (
    update family f set
      generation = case when ${current} then f.generation + 1 else f.generation end,
      repeats = case when ${current} then 0 else f.repeats + 1 end,
      rotated_at = case when ${current} then clock_timestamp() else f.rotated_at end,
      expires_at = case when ${current}
        then least(f.absolute_expires_at, f.session_expires_at, clock_timestamp() + $10::bigint * interval '1 second')
        else f.expires_at end,
      ended_at = case when ${current} or (${withinGrace}) then null else clock_timestamp() end,
      version = f.version + 1
    where f.tenant_id = $1 and f.id = $2 and f.client_id = $3 and $4::integer = (select value from epoch)
      and f.ended_at is null and f.expires_at > clock_timestamp() and ${withinIfGood} and ${ofFamilyKey('f')}
      and not ${staleClient('f.tenant_id', 'f.client_id', '$9::bigint')}
      and not exists (${familyStanding})
    returning f.*
  ), judged as (
    select moved.*, case when ended_at is not null then 'reused' when repeats = 0 then 'rotated' else 'repeated' end as outcome
    from moved
  ), floored as (
    insert into floor (tenant_id, kind, key, reason, expires_at, changed_at)
    select tenant_id, 'instance', instance_id::text, 'refresh_token_reused', clock_timestamp() + ${reach} * interval '1 millisecond',
      clock_timestamp()
    from judged where outcome = 'reused'
    on conflict (tenant_id, kind, key) do nothing
    returning *
  ), listed as (
    ${insertEntry({
      row: `(select *, session_expires_at is not null as online from judged where outcome <> 'reused')`,
      place: '$14',
      resources: '$6',
      scopes: '$5',
    })}
  )
  select judged.outcome, judged.generation, ${factsColumns('judged', '(judged.session_expires_at is not null)')},
    record_event(case judged.outcome when 'rotated' then $11::jsonb when 'repeated' then $12::jsonb else $13::jsonb end,
      judged.version, jsonb_build_object('subject', 'account:' || judged.account_id, 'session', judged.session_id,
        'data', case when judged.outcome <> 'reused' then jsonb_build_object('generation', judged.generation) end)),
    exists (select from listed) as listed, f.key is not null as floored, ${floorColumns}
  from judged left join floored f on true`,
  parameters: (p) => [
    ...familyBindings(p),
    p.rotation.presented.generation,
    p.rotation.client.version,
    p.idle,
    eventParameter(p.rotated),
    eventParameter(p.repeated),
    eventParameter(p.reused),
    placeParameter(p.place),
    p.rotation.client.scopes,
    p.rotation.openResources,
  ],
  row: factsRow
    .extend({ outcome: rotateOutcome, generation: int8, floored: z.boolean(), listed: z.boolean() })
    .loose()
    .transform((row) => ({
      outcome: row.outcome,
      generation: row.generation,
      facts: factsOf(row),
      epoch: row.epoch,
      floor: row.floored ? floorRow.parse(row) : undefined,
      listed: row.listed,
    })),
  records: true,
});
