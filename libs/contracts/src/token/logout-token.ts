import { z } from 'zod';
import { accountId, tenantId } from '../ids.js';
import { request } from '../request.js';
import { clientId, text } from '../text.js';

/**
 * A logout token for a client (OpenID Connect Back-Channel Logout 1.0 section 2.4), with a `jti` of its own each time. It has the account's
 * `sub` where that can be had, and the sid always. Encrypted as the client's ID tokens are; `unencryptable`: it has no key for that now.
 */
export const signLogoutToken = request('token', 'logout-token', 'sign', {
  request: z.strictObject({ tenantId, clientId, sid: text(64, 1), accountId: accountId.nullable() }),
  response: z.discriminatedUnion('outcome', [
    z.object({ outcome: z.literal('signed'), logoutToken: z.string(), jti: z.string() }),
    z.object({ outcome: z.literal('unencryptable') }),
  ]),
  errors: ['not_found'],
  // With time for a jwks_uri.
  timeout: 6_000,
});
