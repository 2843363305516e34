import { statement } from '@signet/persistence';
import { z } from 'zod';
import {
  familyBindings,
  familyStanding,
  ofFamilyKey,
  ofRegisteredScopes,
  withinResources,
  withinScopes,
  type Rotate,
} from './rotate-family.js';

const flag = z.boolean();

/** Finds out why a refresh token was refused. No row: there is no such family of this client, tenant and epoch. */
export const explainFamily = statement({
  name: 'token.family.explain',
  text: `select f.ended_at is not null as ended, f.expires_at <= clock_timestamp() as expired, exists (${familyStanding}) as dead,
      ${withinScopes('f', '$8')} as "withinScopes", ${withinResources('f', '$9')} as "withinResources",
      ${ofRegisteredScopes('f', '$8')} as registered, ${ofFamilyKey('f')} as "sameKey"
    from family f where f.tenant_id = $1 and f.id = $2 and f.client_id = $3 and $4::integer = (select value from epoch)`,
  parameters: (p: Pick<Rotate, 'tenantId' | 'rotation'>) => [
    ...familyBindings(p),
    p.rotation.client.scopes,
    p.rotation.openResources,
  ],
  row: z.object({
    ended: flag,
    expired: flag,
    dead: flag,
    withinScopes: flag,
    withinResources: flag,
    registered: flag,
    sameKey: flag,
  }),
});
