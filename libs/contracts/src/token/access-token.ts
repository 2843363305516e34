import { z } from 'zod';
import { accountId, tenantId } from '../ids.js';
import { request } from '../request.js';
import { clientId, slug, text } from '../text.js';

/**
 * An access token of ours as somebody brought it to another service of ours (RFC 6750; RFC 9449 with its proofs). The tenant is
 * the one that issued it. `path`: of the request; a proof is held against it at the origin of the tenant's issuer.
 */
export const checkAccessToken = request('token', 'access-token', 'check', {
  request: z.strictObject({
    scheme: z.enum(['Bearer', 'DPoP']),
    token: text(32_768, 1),
    proofs: z.array(text(32_768)).max(2),
    method: z.string().regex(/^[A-Z]{1,20}$/),
    path: text(2_048, 1),
    /** Asked again while what the token opened is still open: a proof of its key was judged when it was brought, and is spent. */
    proven: z.boolean().optional(),
  }),
  response: z.discriminatedUnion('outcome', [
    z.object({
      outcome: z.literal('live'),
      tenant: z.object({ id: tenantId, slug, issuer: z.url() }),
      clientId,
      /** Null where the client acts for itself. */
      accountId: accountId.nullable(),
      scopes: z.array(z.string()),
      audience: z.array(z.string()),
      /** For the client's next proof (RFC 9449 section 8.2); only where it sent one. */
      nonce: z.string().optional(),
    }),
    z.object({
      outcome: z.literal('refused'),
      /** Whose keys the token names; null where nobody's. */
      tenantId: tenantId.nullable(),
      /** As RFC 6750 section 3 and RFC 9449 section 7.1 have them. */
      status: z.int().min(400).max(499),
      error: z.string(),
      errorDescription: z.string(),
      headers: z.record(z.string(), z.string()),
      reason: z.string(),
    }),
  ]),
});
