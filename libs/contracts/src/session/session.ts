import { createHash } from 'node:crypto';
import { z } from 'zod';
import { accountId, sessionId, tenantId } from '../ids.js';
import { micros } from '../instant.js';
import { request } from '../request.js';
import { clientId, digest, text } from '../text.js';
import { eventContext } from '../events/context.js';
import { sessionLifetimes } from '../directory/tenant.js';
import { authentication } from '../token/grant.js';

/** A session as its cookie names it: the secret stays with authn and the browser, its SHA-256 comes here. */
export const sessionReference = z.strictObject({ sessionId, secretHash: digest });

/**
 * Begins a session, or raises the one that `replaces` names: the same account keeps its session id under the new secret; another account's
 * session is ended first. `clientId` is recorded as taking part; a page of ours has none.
 */
export const createSession = request('session', 'session', 'create', {
  request: z.strictObject({
    tenantId,
    session: sessionReference,
    accountId,
    since: micros,
    acr: text(200, 1),
    amr: z.array(text(20, 1)).max(10),
    clientId: clientId.optional(),
    replaces: sessionReference.optional(),
    /** By the tenant's policy. A session that is raised keeps its absolute expiry. */
    lifetimes: z.strictObject(sessionLifetimes.shape),
    /** The person wants to stay signed in when the browser is closed. */
    remembered: z.boolean(),
    context: eventContext,
  }),
  response: authentication,
});

/** The live session behind a cookie. `clientId`, where there is one, is recorded as taking part. Does not tell an ended session from one that never was. */
export const resolveSession = request('session', 'session', 'resolve', {
  request: z.strictObject({
    tenantId,
    session: sessionReference,
    clientId: clientId.optional(),
    context: eventContext,
  }),
  response: z.discriminatedUnion('outcome', [
    z.object({ outcome: z.literal('live'), authentication }),
    z.object({ outcome: z.literal('none') }),
  ]),
});

/** The `sid` that a client sees: fixed for the session's life, different at each client, derived and so never stored. */
export function sidOf(session: z.infer<typeof sessionId>, client: string): string {
  return createHash('sha256').update(`sid\n${session}\n${client}`).digest('base64url').slice(0, 27);
}

export type SessionReference = z.infer<typeof sessionReference>;
