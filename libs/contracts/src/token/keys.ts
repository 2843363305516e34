import { z } from 'zod';
import { planId, tenantId } from '../ids.js';
import { request } from '../request.js';

/** Public halves of every key that the tenant ever published: an id_token_hint may be as old as they are. */
export const findPublicKeys = request('token', 'key', 'find-public', {
  request: z.strictObject({ tenantId }),
  response: z.object({ keys: z.array(z.record(z.string(), z.unknown())) }),
  errors: ['not_found'],
});

/** Makes each tenant's first keys where it has none. RSA generation is off the event loop; allow for it. */
export const prepareKeys = request('token', 'key', 'prepare', {
  request: z.strictObject({ planId, tenantIds: z.array(tenantId).min(1).max(100) }),
  response: z.object({ changes: z.int().nonnegative() }),
  timeout: 30_000,
});
