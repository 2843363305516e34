import { z } from 'zod';
import { accountId, sessionId } from '../ids.js';
import { clientId } from '../text.js';
import { idText } from './collection.js';
import { listOf, listQuery } from './lists.js';
import { operation } from './operation.js';
import { shownId } from './shown-id.js';

/** A live SSO session: how the person proved who they are, where they were seen, and who takes part. */
export const shownSession = z
  .strictObject({
    id: idText('ses'),
    account_id: idText('acc'),
    created_at: z.iso.datetime(),
    last_seen_at: z.iso.datetime().describe('To the minute.'),
    idle_expires_at: z.iso.datetime().describe('Where it is not used before.'),
    expires_at: z.iso.datetime(),
    remembered: z.boolean().describe('It stays when the browser is closed.'),
    device: z.strictObject({
      user_agent: z.string().nullable(),
      began_ip: z.string().nullable(),
      seen_ip: z.string().nullable().describe('Where it was seen last.'),
    }),
    authentications: z
      .array(z.strictObject({ auth_time: z.iso.datetime(), acr: z.string(), amr: z.array(z.string()) }))
      .describe('Each time that the person proved who they are, the last one last.'),
    clients: z
      .array(z.strictObject({ client_id: clientId, sid: z.string(), joined_at: z.iso.datetime() }))
      .describe('Who takes part, with the `sid` that each knows the session by.'),
  })
  .meta({ id: 'Session' });
export type ShownSession = z.infer<typeof shownSession>;

const about = { service: 'session', collection: 'sessions' } as const;
const ofSession = z.strictObject({ session_id: shownId('ses', sessionId) });

export const sessionOperations = {
  list: operation({
    ...about,
    id: 'listSessions',
    method: 'GET',
    path: '/sessions',
    permission: 'sessions:read',
    summary: 'List live sessions',
    query: listQuery({ account: shownId('acc', accountId).optional(), client: clientId.optional() }),
    paged: true,
    response: { schema: listOf(shownSession) },
  }),

  read: operation({
    ...about,
    id: 'readSession',
    method: 'GET',
    path: '/sessions/{session_id}',
    permission: 'sessions:read',
    summary: 'Read a live session',
    parameters: ofSession,
    response: { schema: shownSession },
  }),

  end: operation({
    ...about,
    id: 'endSession',
    method: 'DELETE',
    path: '/sessions/{session_id}',
    permission: 'sessions:write',
    summary: 'End a session',
    description:
      'Its tokens and online refresh tokens end with it, and its clients are told. Refresh tokens of offline_access go on.',
    parameters: ofSession,
  }),
} as const;

const revoked = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('account'), account_id: shownId('acc', accountId) }),
  z.strictObject({ kind: z.literal('client'), client_id: clientId }),
  z.strictObject({ kind: z.literal('tenant') }),
]);

export const shownRevocation = z
  .strictObject({
    id: z.uuid().describe('As `data.raise` of the event that records it.'),
    kind: z.enum(['account', 'client', 'tenant']),
    account_id: idText('acc').optional(),
    client_id: clientId.optional(),
  })
  .meta({ id: 'Revocation' });
export type ShownRevocation = z.infer<typeof shownRevocation>;

export const revocationOperations = {
  create: operation({
    service: 'token',
    collection: 'sessions',
    id: 'createRevocation',
    method: 'POST',
    path: '/revocations',
    permission: 'sessions:write',
    summary: 'End everything of an account, a client or the tenant',
    description:
      'All that was signed in to and issued before this is answered is dead then, whatever its number: sessions, codes, access and refresh tokens. ' +
      'A client’s ends what was issued to it, and no session. A tenant’s ends the token that this is called with, too. Whoever may, signs in anew.',
    body: revoked,
    response: { status: 200, schema: shownRevocation },
  }),
} as const;
