import type { Micros } from '@signet/contracts';
import { micros, microsOf, statement } from '@signet/persistence';
import type { RefreshToken } from '@signet/protocol';
import { z } from 'zod';
import { familyStanding, grace, ofRegisteredScopes } from './rotate-family.js';

export interface LiveFamily {
  readonly clientId: string;
  readonly sub: string;
  readonly scopes: readonly string[];
  readonly expiresAt: Micros;
  readonly authTime: Micros;
  readonly acr: string;
  readonly amr: readonly string[];
}

export interface FamilySearch {
  readonly tenantId: string;
  readonly presented: RefreshToken;
  /** What whoever asks may ask for by now: a family is told to its own client alone. */
  readonly scopes: readonly string[];
  readonly openResources: readonly string[];
}

/** The family behind a refresh token, if the token would be taken now, be it for less than all; repeats within the grace included. */
export const findLiveFamily = statement<FamilySearch, LiveFamily>({
  name: 'token.family.find',
  text: `select f.client_id as "clientId", f.sub, f.scopes, f.acr, f.amr,
      ${microsOf('f.expires_at')} as "expiresAt", ${microsOf('f.auth_time')} as "authTime"
    from family f where f.tenant_id = $1 and f.id = $2 and $3::integer = (select value from epoch)
      and (f.generation = $4::bigint
        or (f.generation = $4::bigint + 1 and f.rotated_at > clock_timestamp() - ${grace} * interval '1 second'))
      and f.ended_at is null and f.expires_at > clock_timestamp() and ${ofRegisteredScopes('f', '$5')}
      and (cardinality(f.resources) = 0 or f.resources && $6::text[]) and not exists (${familyStanding})`,
  parameters: ({ tenantId, presented, scopes, openResources }) => [
    tenantId,
    presented.family,
    presented.epoch,
    presented.generation,
    scopes,
    openResources,
  ],
  row: z.object({
    clientId: z.string(),
    sub: z.string(),
    scopes: z.array(z.string()),
    expiresAt: micros,
    authTime: micros,
    acr: z.string(),
    amr: z.array(z.string()),
  }),
});
