import { z } from 'zod';
import { eventContext } from '../events/context.js';
import { grantId, tenantId } from '../ids.js';
import { micros } from '../instant.js';
import { request } from '../request.js';
import { clientId } from '../text.js';
import { authentication, deadBy } from './grant.js';

/** What a person has agreed to, as they are shown it. */
export const ownGrant = z.object({
  grantId,
  clientId,
  scopes: z.array(z.string()),
  agreedAt: micros,
  lastUsedAt: micros.nullable(),
});
export type OwnGrant = z.infer<typeof ownGrant>;

const dead = z.object({ outcome: z.literal('dead'), by: deadBy });

/** What the account has agreed to and has not taken back; up to 200, by client. `dead`: a floor stands against the sign-in. */
export const listOwnGrants = request('token', 'own-grant', 'list', {
  request: z.strictObject({ tenantId, authentication }),
  response: z.discriminatedUnion('outcome', [
    z.object({
      ...{ outcome: z.literal('live'), grants: z.array(ownGrant) },
      /** There are more than these. */
      more: z.boolean().default(false),
    }),
    dead,
  ]),
});

/** Takes an agreement back: what was issued by it is dead when this answers, and the client asks anew. `gone`: there is none. */
export const withdrawOwnGrant = request('token', 'own-grant', 'withdraw', {
  request: z.strictObject({ tenantId, authentication, grantId, context: eventContext }),
  response: z.discriminatedUnion('outcome', [
    z.object({ outcome: z.literal('withdrawn') }),
    z.object({ outcome: z.literal('gone') }),
    dead,
  ]),
});
