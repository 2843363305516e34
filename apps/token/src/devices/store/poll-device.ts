import type { FamilyId, InstanceId, Micros, RecordedEvent } from '@signet/contracts';
import { eventParameter, micros, microsOf, statement } from '@signet/persistence';
import type { DevicePoll } from '@signet/protocol';
import { z } from 'zod';
import { floorsAgainst, staleClient } from '../../floors/store/against.js';
import { factsColumns, factsOf, factsRow } from '../../grants/store/facts-row.js';
import { familyKey, insertFamily } from '../../grants/store/insert-family.js';
import { isOffline, resourcesLeft, someScopeLeft } from '../../grants/store/registered-scopes.js';
import type { Redeemed } from '../../grants/store/redeem-code.js';
import type { ReservedPlace } from '../../status-lists/status-places.js';
import { insertEntry, placeParameter } from '../../status-lists/store/insert-entry.js';

/** Seconds more between polls, each time that one comes too soon (RFC 8628 section 3.5). */
const slower = 5;

export interface Poll {
  readonly tenantId: string;
  readonly poll: DevicePoll;
  readonly instanceId: InstanceId;
  readonly familyId: FamilyId;
  readonly lifetimes: { readonly idle: number; readonly absolute: number };
  readonly place: ReservedPlace | undefined;
  readonly redeemed: RecordedEvent;
}

const outcome = z.enum([
  'expired',
  'denied',
  'slow_down',
  'pending',
  'stale',
  'dead',
  'unregistered',
  'resource',
  'redeemed',
]);

export interface Polled {
  /** When the poll began, by Postgres' clock. */
  readonly began: Micros;
  /** Undefined: no such code of this client, or a spent one. */
  readonly outcome: z.output<typeof outcome> | undefined;
  readonly redemption: Redeemed | undefined;
}

const standing = floorsAgainst({
  tenant: 'd.tenant_id',
  since: 'd.since',
  client: 'd.client_id',
  account: 'd.account_id',
  grant: 'd.grant_id',
  session: 'd.session_id',
});

// Of the row that is locked, by Postgres' clock; `polled` then says what was decided.
const decided = `case
    when d.expires_at <= clock_timestamp() or d.session_expires_at <= clock_timestamp() then 'expired'
    when d.denied_at is not null then 'denied'
    when d.approved_at is null and d.polled_at + d.poll_interval * interval '1 second' > clock_timestamp() then 'slow_down'
    when d.approved_at is null then 'pending'
    when ${staleClient('d.tenant_id', 'd.client_id', '$6::bigint')} then 'stale'
    when exists (${standing}) then 'dead'
    when not ${someScopeLeft('d', '$15')} then 'unregistered'
    when not (cardinality($5::text[]) = 0 or cardinality(d.resources) = 0 or $5::text[] <@ d.resources) then 'resource'
    when not ${resourcesLeft('d', '$5', '$16')} then 'resource'
    else 'redeemed' end`;

/**
 * Answers a poll and, where a person has approved, spends the device code with instance, family and event: one statement, judged on the row
 * that it has locked, so of any number at once one redeems, and each that comes too soon is told. There is always one row.
 */
export const pollDevice = statement<Poll, Polled>({
  name: 'token.device.poll',
  text: `with locked as materialized (
    select d.tenant_id, d.id, ${decided} as outcome from device d
    where d.tenant_id = $1 and d.id = $2 and d.hash = $3::bytea and d.client_id = $4 and d.redeemed_at is null
    for update of d
  ), polled as (
    update device d set polled = locked.outcome, polled_at = clock_timestamp(),
      poll_interval = d.poll_interval + case when locked.outcome = 'slow_down' then ${slower} else 0 end,
      redeemed_at = case when locked.outcome = 'redeemed' then clock_timestamp() end,
      instance_id = case when locked.outcome = 'redeemed' then $7::uuid end,
      version = d.version + case when locked.outcome = 'redeemed' then 1 else 0 end
    from locked where d.tenant_id = locked.tenant_id and d.id = locked.id
    returning d.*, not ($8::boolean and ${isOffline('d', '$15')}) as online
  ), redeemed as materialized (
    select polled.*, record_event($9::jsonb, polled.version,
      jsonb_build_object('subject', 'account:' || polled.account_id, 'session', polled.session_id)) as recorded
    from polled where polled.polled = 'redeemed'
  ), family as (
    ${insertFamily({ refreshable: '$8', id: '$10', idle: '$11', absolute: '$12', key: '$13' })}
  ), listed as (
    ${insertEntry({ row: 'redeemed', place: '$14', resources: '$5', scopes: 'null' })}
  )
  select ${microsOf('statement_timestamp()')} as began, polled.polled as outcome, redeemed.recorded,
    exists (select from listed) as listed,
    ${factsColumns('redeemed', 'redeemed.online')}
  from (values (1)) one left join polled on true left join redeemed on true`,
  parameters: ({ tenantId, poll, ...p }) => [
    tenantId,
    poll.deviceCodeId,
    Buffer.from(poll.secretHash, 'base64url'),
    poll.client.clientId,
    poll.resources,
    poll.client.version,
    p.instanceId,
    poll.refreshable,
    eventParameter(p.redeemed),
    p.familyId,
    p.lifetimes.idle,
    p.lifetimes.absolute,
    familyKey(poll),
    placeParameter(p.place),
    poll.client.scopes,
    poll.openResources,
  ],
  row: z.looseObject({ began: micros, outcome: outcome.nullable() }).transform((row) => ({
    began: row.began,
    outcome: row.outcome ?? undefined,
    redemption: row.outcome === 'redeemed' ? redemptionOf(redemptionRow.parse(row)) : undefined,
  })),
  records: true,
});

const redemptionRow = factsRow.extend({ listed: z.boolean() });
const redemptionOf = ({ listed, ...row }: z.output<typeof redemptionRow>): Redeemed => ({
  ...{ facts: factsOf(row), epoch: row.epoch, listed },
});
