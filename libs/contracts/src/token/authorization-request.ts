import { z } from 'zod';
import { pushedRequestId, tenantId } from '../ids.js';
import { request } from '../request.js';
import { clientId, digest, text } from '../text.js';

/** A pushed request (RFC 9126) as its client's reference names it; the secret of the reference stays where it was read. */
export const pushedReference = z.strictObject({ id: pushedRequestId, secretHash: digest });

/** OpenID Connect Core 1.0 section 3.1.2.6. */
export const requestRefusal = z.enum([
  'invalid_request_object',
  'invalid_request_uri',
  'request_not_supported',
  'request_uri_not_supported',
]);

/**
 * What an authorization request asks for by a request object or by reference (OpenID Connect Core 1.0 section 6, RFC 9101,
 * RFC 9126). Token knows the keys of client and tenant, and what was pushed; it may have to fetch from the client.
 */
export const resolveRequest = request('token', 'request', 'resolve', {
  request: z.strictObject({
    tenantId,
    clientId,
    asked: z.union([
      z.strictObject({ request: z.string().max(32 * 1024) }),
      z.strictObject({ requestUri: z.string().max(2_048) }),
      z.strictObject({ pushed: pushedReference }),
    ]),
  }),
  response: z.discriminatedUnion('outcome', [
    z.object({
      outcome: z.literal('resolved'),
      /** Values as text, by name. */
      parameters: z.record(z.string(), z.array(z.string())),
    }),
    z.object({
      outcome: z.literal('refused'),
      error: requestRefusal,
      description: text(400),
    }),
  ]),
  timeout: 6_000,
});
