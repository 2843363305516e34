import { z } from 'zod';
import { eventContext } from '../events/context.js';
import { sessionId, tenantId } from '../ids.js';
import { micros } from '../instant.js';
import { request } from '../request.js';
import { clientId } from '../text.js';
import { authentication } from '../token/grant.js';
import { sessionReference } from './session.js';

// What a person may see and end of their own. Whose it is, the cookie's secret says: it is proved with each request, by its hash.

/** A live session as the person whom it belongs to is shown it. */
export const ownSession = z.object({
  sessionId,
  /** The one that asks. */
  current: z.boolean(),
  remembered: z.boolean(),
  userAgent: z.string(),
  /** Where it was seen last. */
  ip: z.string(),
  createdAt: micros,
  lastSeenAt: micros,
  clientIds: z.array(clientId),
});
export type OwnSession = z.infer<typeof ownSession>;

const own = { tenantId, session: sessionReference, context: eventContext };
const none = z.object({ outcome: z.literal('none') });

/** The live sessions of the account that is signed in: this one, then up to a hundred others, the last seen first. */
export const listOwnSessions = request('session', 'own-session', 'list', {
  request: z.strictObject(own),
  response: z.discriminatedUnion('outcome', [
    z.object({
      ...{ outcome: z.literal('live'), authentication, sessions: z.array(ownSession) },
      /** There are more than these. */
      more: z.boolean().default(false),
    }),
    none,
  ]),
});

/** Ends one of them, the one that asks included; one that has ended already is no fault. Answers once its floor is committed. */
export const endOwnSession = request('session', 'own-session', 'end', {
  request: z.strictObject({ ...own, ends: sessionId }),
  response: z.discriminatedUnion('outcome', [z.object({ outcome: z.literal('ended') }), none]),
});

/** Ends everything that the account is signed in to but the session that asks: one floor, whatever the number. */
export const endOtherSessions = request('session', 'own-session', 'end-others', {
  request: z.strictObject(own),
  response: z.discriminatedUnion('outcome', [z.object({ outcome: z.literal('ended') }), none]),
});
