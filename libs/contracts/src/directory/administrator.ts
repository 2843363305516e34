import { z } from 'zod';
import { eventContext } from '../events/context.js';
import { accountId, tenantId } from '../ids.js';
import { request } from '../request.js';
import { text } from '../text.js';
import { accountClaims } from './account.js';

/** Whether an active account of the tenant has the role `signet:administrator`, by whatever way. */
export const findAdministrator = request('directory', 'administrator', 'find', {
  request: z.strictObject({ tenantId }),
  response: z.object({ exists: z.boolean() }),
  errors: ['not_found'],
});

/**
 * Makes the tenant's first administrator, under the id that the caller has credentials for. A repeat finds it made; `administered`: somebody
 * else has the role by now, and nothing was made.
 */
export const createAdministrator = request('directory', 'administrator', 'create', {
  request: z.strictObject({
    tenantId,
    accountId,
    username: text(320, 1),
    claims: accountClaims.pick({ name: true, email: true }).strict(),
    context: eventContext,
  }),
  response: z.object({ outcome: z.enum(['created', 'username_taken', 'administered']) }),
  errors: ['not_found'],
});
