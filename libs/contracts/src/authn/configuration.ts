import { z } from 'zod';
import { accountId, planId, tenantId } from '../ids.js';
import { request } from '../request.js';
import { digest } from '../text.js';

const argon2id = z.string().regex(/^\$argon2id\$v=19\$[A-Za-z0-9$=,+/]{20,400}$/);

/**
 * Sets declared passwords in one transaction. `declaredDigest` is a keyed digest of account and password, by which an unchanged one is
 * known without hashing it anew; an entry without `hash` whose digest is not the stored one comes back in `needed`, and nothing is changed.
 */
export const applyPasswords = request('authn', 'password', 'apply', {
  request: z.strictObject({
    planId,
    passwords: z.array(z.strictObject({ tenantId, accountId, declaredDigest: digest, hash: argon2id.optional() })),
  }),
  response: z.object({ changes: z.int().nonnegative(), needed: z.array(accountId) }),
  timeout: 15_000,
});
