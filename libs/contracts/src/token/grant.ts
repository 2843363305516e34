import { z } from 'zod';
import { accountId, codeId, organisationId, sessionId, tenantId } from '../ids.js';
import { micros } from '../instant.js';
import { request } from '../request.js';
import { clientId, digest, scopeName, text } from '../text.js';
import { eventContext } from '../events/context.js';

/** A sign-in as it stands in a session, and as codes, instances and families inherit it. */
export const authentication = z.object({
  sessionId,
  accountId,
  organisationId: organisationId.nullable(),
  /** Postgres' time of the first credential or account read of the sign-in: what floors are held against. */
  since: micros,
  authTime: micros,
  acr: text(200, 1),
  amr: z.array(text(20, 1)).max(10),
  /** The session's absolute expiry, which nothing online outlives. */
  sessionExpiresAt: micros,
});
export type Authentication = z.infer<typeof authentication>;

/** Why nothing may be issued: the kind of the floor that stands against it. */
export const deadBy = z.enum(['token', 'instance', 'session', 'grant', 'account', 'client', 'tenant']);
export type DeadBy = z.infer<typeof deadBy>;

/**
 * The last step of every sign-in: decides in one statement whether this account, client and tenant may act now and whether the person has
 * agreed, and makes the authorization code. The code itself stays with authn; its hash comes here.
 */
export const issueGrant = request('token', 'grant', 'issue', {
  request: z.strictObject({
    tenantId,
    clientId,
    /** Of the caller's copy; older than the client_version floor is `stale_client`. */
    clientVersion: z.int().positive(),
    authentication,
    redirectUri: z.string().max(2048),
    scopes: z.array(scopeName),
    resources: z.array(z.string().max(2048)),
    nonce: text(1024).optional(),
    codeChallenge: digest.optional(),
    code: z.strictObject({ id: codeId, hash: digest }),
    /**
     * `first_party`: nobody is asked; `remembered`: what was agreed to before must cover the scopes; `approved`: the person has just said yes to
     * exactly these scopes.
     */
    consent: z.enum(['first_party', 'remembered', 'approved']),
    context: eventContext,
  }),
  response: z.discriminatedUnion('outcome', [
    z.object({ outcome: z.literal('issued') }),
    z.object({ outcome: z.literal('consent_required'), missing: z.array(z.string()) }),
    z.object({ outcome: z.literal('dead'), by: deadBy }),
    z.object({ outcome: z.literal('stale_client') }),
  ]),
});
export type GrantIssued = z.infer<typeof issueGrant.response>;
