import type { RecordedEvent } from '@signet/contracts';
import { eventParameter, statement } from '@signet/persistence';
import { isPublicClient, type CodeRedemption } from '@signet/protocol';
import { z } from 'zod';
import { floorColumns, floorRow } from '../../floors/store/floor-row.js';
import type { FloorRow } from '../../floors/floor-index.js';
import { bindings, codeStanding, ofKey, withinResources } from './redeem-code.js';
import { endInstance } from './end-instance.js';
import { someScopeLeft } from './registered-scopes.js';

export interface Explain {
  readonly tenantId: string;
  readonly redemption: CodeRedemption;
  /** Recorded if it is the client itself that brought the code again. */
  readonly replayed: RecordedEvent;
  readonly familyEnded: RecordedEvent;
}

export type CodeExplanation = Readonly<
  Record<
    | 'own'
    | 'sameUri'
    | 'verified'
    | 'sameKey'
    | 'spent'
    | 'expired'
    | 'withinResources'
    | 'registered'
    | 'dead'
    | 'replayed',
    boolean
  >
> & { readonly floor: FloorRow | undefined };

const flag = z.boolean();

/**
 * Finds out why a code was not redeemed. Where its own client (authenticated, or public and with verifier and key) brings a spent one
 * again, the same statement ends the instance that came of it: floor and family. No row: there is no such code.
 */
export const explainCode = statement<Explain, CodeExplanation>({
  name: 'token.code.explain',
  text: `with seen as materialized (
    select c.*, c.client_id = $4 as own, c.redirect_uri = $5 as same_uri, c.code_challenge is not distinct from $6 as verified,
      ${ofKey('c')} as same_key, c.redeemed_at is not null as spent, least(c.expires_at, c.session_expires_at) <= clock_timestamp() as expired,
      ${withinResources('c', '$13')} as within_resources, ${someScopeLeft('c', '$12')} as registered,
      exists (${codeStanding}) as dead
    from code c where c.tenant_id = $1 and c.id = $2 and c.hash = $3::bytea
  ), replayed as (
    update code set version = code.version + 1 from seen
    where code.tenant_id = seen.tenant_id and code.id = seen.id and seen.spent and seen.own and ($9::boolean or (seen.verified and seen.same_key))
    returning code.tenant_id, code.instance_id, record_event($10::jsonb, code.version,
      jsonb_build_object('subject', 'account:' || code.account_id, 'session', code.session_id)) as recorded
  ), ${endInstance({ source: 'replayed', reason: `'code_replayed'`, familyEnded: '$11' })}
  select own, same_uri, verified, same_key, spent, expired, within_resources, registered, dead,
    exists (select from replayed) as replayed, f.key is not null as floored, ${floorColumns}
  from seen left join floored f on true`,
  parameters: (p) => [
    ...bindings(p),
    !isPublicClient(p.redemption.client),
    eventParameter(p.replayed),
    eventParameter(p.familyEnded),
    p.redemption.client.scopes,
    p.redemption.openResources,
  ],
  row: z
    .object({
      own: flag,
      same_uri: flag,
      verified: flag,
      same_key: flag,
      spent: flag,
      expired: flag,
      within_resources: flag,
      registered: flag,
      dead: flag,
      replayed: flag,
      floored: flag,
    })
    .loose()
    .transform((r) => ({
      own: r.own,
      sameUri: r.same_uri,
      verified: r.verified,
      sameKey: r.same_key,
      spent: r.spent,
      expired: r.expired,
      withinResources: r.within_resources,
      registered: r.registered,
      dead: r.dead,
      replayed: r.replayed,
      floor: r.floored ? floorRow.parse(r) : undefined,
    })),
  records: true,
});
