import { z } from 'zod';
import { accountId, eventId, grantId, instanceId, sessionId, tenantId } from '../ids.js';
import { micros } from '../instant.js';
import { request } from '../request.js';
import { clientId, text } from '../text.js';
import { eventContext } from '../events/context.js';

const base = {
  /** The id of the owner's event; a repeat keeps the first time. */
  raiseId: eventId,
  tenantId,
  reason: text(100, 1),
};

/**
 * One revocation floor (design: docs/adr). token, instance and session floors have no time, since those ids are never used again; the others
 * are held against `since`. Version floors forbid copies older than a committed version.
 */
export const floor = z.discriminatedUnion('kind', [
  z.strictObject({ ...base, kind: z.literal('token'), jti: text(64, 1), expiresAt: micros }),
  z.strictObject({ ...base, kind: z.literal('instance'), instanceId, expiresAt: micros }),
  z.strictObject({ ...base, kind: z.literal('session'), sessionId, expiresAt: micros }),
  z.strictObject({ ...base, kind: z.literal('grant'), grantId }),
  z.strictObject({
    ...base,
    kind: z.literal('account'),
    accountId,
    /** One live session, with its online instances, that this floor spares. */
    spare: z.strictObject({ sessionId, since: micros }).optional(),
  }),
  z.strictObject({ ...base, kind: z.literal('client'), clientId }),
  z.strictObject({ ...base, kind: z.literal('tenant') }),
  z.strictObject({ ...base, kind: z.literal('client_version'), clientId, version: z.int().positive() }),
  z.strictObject({ ...base, kind: z.literal('account_version'), accountId, version: z.int().positive() }),
  z.strictObject({ ...base, kind: z.literal('tenant_version'), version: z.int().positive() }),
  /** Of what roles give in the tenant, in whoever's copy. */
  z.strictObject({ ...base, kind: z.literal('authority_version'), version: z.int().positive() }),
]);
export type Floor = z.infer<typeof floor>;
export type FloorKind = Floor['kind'];

/** Answers once every floor is committed and, where it has a time, dated after its commit became visible. Safe to repeat. */
export const raiseFloors = request('token', 'revocation', 'raise', {
  request: z.strictObject({ floors: z.array(floor).min(1).max(1_000), context: eventContext.optional() }),
  response: z.object({ raised: z.int().positive() }),
});
