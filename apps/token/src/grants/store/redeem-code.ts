import type { FamilyId, InstanceId, RecordedEvent } from '@signet/contracts';
import { eventParameter, statement } from '@signet/persistence';
import type { CodeRedemption, GrantFacts } from '@signet/protocol';
import { z } from 'zod';
import { floorsAgainst, staleClient } from '../../floors/store/against.js';
import type { ReservedPlace } from '../../status-lists/status-places.js';
import { insertEntry, placeParameter } from '../../status-lists/store/insert-entry.js';
import { familyKey, insertFamily } from './insert-family.js';
import { factsColumns, factsOf, factsRow } from './facts-row.js';
import { isOffline, resourcesLeft, someScopeLeft } from './registered-scopes.js';

export interface Redeem {
  readonly tenantId: string;
  readonly redemption: CodeRedemption;
  readonly instanceId: InstanceId;
  readonly familyId: FamilyId;
  /** Seconds, by the tenant's policy. */
  readonly lifetimes: { readonly idle: number; readonly absolute: number };
  readonly place: ReservedPlace | undefined;
  readonly event: RecordedEvent;
}

export interface Redeemed {
  readonly facts: GrantFacts;
  readonly epoch: number;
  /** Whether its access token has the place. */
  readonly listed: boolean;
}

/** What a code is bound to, beside its id: $1 … $8 of the statements that look at one. */
export const bindings = ({ tenantId, redemption: r }: Pick<Redeem, 'tenantId' | 'redemption'>): readonly unknown[] => [
  tenantId,
  r.codeId,
  Buffer.from(r.secretHash, 'base64url'),
  r.client.clientId,
  r.redirectUri,
  r.codeChallenge ?? null,
  r.resources,
  r.jkt ?? null,
];

/** RFC 9449 section 10: the key that dpop_jkt named, where it named one. */
export const ofKey = (row: string) => `(${row}.dpop_jkt is null or ${row}.dpop_jkt is not distinct from $8)`;

/** RFC 8707 section 2.2: a part of what the code names, where it names any. `open`: SQL, what is open to the client by now. */
export const withinResources = (row: string, open: string) =>
  `(cardinality($7::text[]) = 0 or cardinality(${row}.resources) = 0 or $7::text[] <@ ${row}.resources) and ${resourcesLeft(row, '$7', open)}`;

export const codeStanding = floorsAgainst({
  tenant: 'c.tenant_id',
  since: 'c.since',
  client: 'c.client_id',
  account: 'c.account_id',
  grant: 'c.grant_id',
  session: 'c.session_id',
});

/**
 * Spends a code, makes its instance, and its family where the client may refresh, and records it. Every binding is in the WHERE, so
 * of any number at once one gets the row.
 */
export const redeemCode = statement<Redeem, Redeemed>({
  name: 'token.code.redeem',
  text: `with redeemed as (
    update code c set redeemed_at = clock_timestamp(), instance_id = $9, version = c.version + 1
    where c.tenant_id = $1 and c.id = $2 and c.hash = $3::bytea and c.client_id = $4 and c.redirect_uri = $5
      and c.code_challenge is not distinct from $6 and ${withinResources('c', '$19')} and ${ofKey('c')}
      and ${someScopeLeft('c', '$18')} and c.redeemed_at is null
      and c.expires_at > clock_timestamp() and c.session_expires_at > clock_timestamp()
      and not ${staleClient('c.tenant_id', 'c.client_id', '$10::bigint')}
      and not exists (${codeStanding})
    returning c.*, not ($11::boolean and ${isOffline('c', '$18')}) as online,
      record_event($12::jsonb, c.version,
        jsonb_build_object('subject', 'account:' || c.account_id, 'session', c.session_id)) as recorded
  ), family as (
    ${insertFamily({ refreshable: '$11', id: '$13', idle: '$14', absolute: '$15', key: '$16' })}
  ), listed as (
    ${insertEntry({ row: 'redeemed', place: '$17', resources: '$7', scopes: 'null' })}
  )
  select nonce, exists (select from listed) as listed, ${factsColumns('redeemed', 'online')} from redeemed`,
  parameters: (p) => [
    ...bindings(p),
    p.instanceId,
    p.redemption.client.version,
    p.redemption.refreshable,
    eventParameter(p.event),
    p.familyId,
    p.lifetimes.idle,
    p.lifetimes.absolute,
    familyKey(p.redemption),
    placeParameter(p.place),
    p.redemption.client.scopes,
    p.redemption.openResources,
  ],
  row: factsRow
    .extend({ nonce: z.string().nullable(), listed: z.boolean() })
    .transform(({ nonce, listed, ...row }) => ({
      facts: { ...factsOf(row), ...(nonce !== null && { nonce }) },
      epoch: row.epoch,
      listed,
    })),
  records: true,
});
