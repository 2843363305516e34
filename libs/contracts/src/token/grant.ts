import { signingAlgorithmSchema } from '@signet/protocol';
import { z } from 'zod';
import { accountId, codeId, organisationId, sessionId, tenantId } from '../ids.js';
import { micros } from '../instant.js';
import { request } from '../request.js';
import { clientId, digest, scopeName, text } from '../text.js';
import { pushedReference } from './authorization-request.js';
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

/** Half of a SHA-256 or SHA-512 in base64url (OpenID Connect Core section 3.1.3.6). */
const leftHalf = z.string().regex(/^[A-Za-z0-9_-]{22,43}$/);

/** What the authorization endpoint itself hands out, beside a code or without one. */
export const frontChannel = z.strictObject({
  accessToken: z.boolean(),
  /** Code and state stay with authn; it hashes them by `alg`, which the ID token is then signed with. */
  idToken: z
    .strictObject({ alg: signingAlgorithmSchema, cHash: leftHalf.optional(), sHash: leftHalf.optional() })
    .optional(),
});
export type FrontChannel = z.infer<typeof frontChannel>;

/** What was made for the front channel; `expiresIn` in seconds, `scopes` those of the access token. */
export const frontChannelTokens = z.object({
  accessToken: z
    .object({ token: z.string(), expiresIn: z.int().nonnegative(), scopes: z.array(z.string()) })
    .optional(),
  idToken: z.string().optional(),
});
export type FrontChannelTokens = z.infer<typeof frontChannelTokens>;

const claimNames = z.array(text(100, 1)).max(100);

/** Claims that were asked for by name (OpenID Connect Core section 5.5), and the scopes that the person agrees to by it, beside those asked for. */
export const requestedClaims = z.strictObject({
  idToken: claimNames,
  userinfo: claimNames,
  agreed: z.array(scopeName),
});

/**
 * The last step of every sign-in: decides in one statement whether this account, client and tenant may act now and whether the person has
 * agreed, and makes the authorization code and what else the response type asks for. The code itself stays with authn; its hash comes here.
 */
export const issueGrant = request('token', 'grant', 'issue', {
  request: z
    .strictObject({
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
      /** RFC 9449 section 10: thumbprint of the key that the code is bound to. */
      dpopJkt: digest.optional(),
      code: z.strictObject({ id: codeId, hash: digest }).optional(),
      front: frontChannel.optional(),
      claims: requestedClaims.optional(),
      /** The pushed request that this answers; it is spent with the issue, once. */
      pushed: pushedReference.optional(),
      /**
       * `first_party`: nobody is asked; `remembered`: what was agreed to before must cover the scopes; `approved`: the person has just said yes to
       * exactly these scopes.
       */
      consent: z.enum(['first_party', 'remembered', 'approved']),
      context: eventContext,
    })
    .refine(({ code, front }) => code !== undefined || front !== undefined, 'asks for nothing'),
  response: z.discriminatedUnion('outcome', [
    z.object({ outcome: z.literal('issued'), front: frontChannelTokens.optional() }),
    z.object({ outcome: z.literal('consent_required'), missing: z.array(z.string()) }),
    z.object({ outcome: z.literal('dead'), by: deadBy }),
    z.object({ outcome: z.literal('stale_client') }),
    /** The client wants its ID tokens encrypted, and no key for that can be had of it. */
    z.object({ outcome: z.literal('no_encryption_key') }),
    z.object({ outcome: z.literal('request_spent') }),
  ]),
});
export type GrantIssued = z.infer<typeof issueGrant.response>;
