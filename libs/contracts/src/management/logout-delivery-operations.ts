import { z } from 'zod';
import { accountId, deliveryId, sessionId } from '../ids.js';
import { clientId } from '../text.js';
import { idText } from './collection.js';
import { listOf, listQuery } from './lists.js';
import { operation } from './operation.js';
import { shownId } from './shown-id.js';

export const deliveryOutcomes = ['waiting', 'delivered', 'dead_lettered'] as const;

/** What one client was told of the end of one session (OpenID Connect Back-Channel Logout 1.0). */
export const shownLogoutDelivery = z
  .strictObject({
    id: idText('dlv'),
    session_id: idText('ses'),
    account_id: idText('acc').nullable().describe('Null once the account is erased.'),
    client_id: z.string(),
    outcome: z
      .enum(deliveryOutcomes)
      .describe('`dead_lettered`: it failed for an hour, and is not tried again. The log has each attempt.'),
    attempts: z.int().nonnegative(),
    last_answer: z
      .string()
      .nullable()
      .describe("The status of the client's last answer, or a word for why there was none: `unreachable`, `deadline`."),
    created_at: z.iso.datetime().describe('When the session ended.'),
    last_attempt_at: z.iso.datetime().nullable(),
    next_attempt_at: z.iso.datetime().nullable().describe('Null where none follows.'),
    finished_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'LogoutDelivery' });
export type ShownLogoutDelivery = z.infer<typeof shownLogoutDelivery>;

const about = { service: 'session', collection: 'sessions', permission: 'sessions:read' } as const;

export const logoutDeliveryOperations = {
  list: operation({
    ...about,
    id: 'listLogoutDeliveries',
    method: 'GET',
    path: '/logout-deliveries',
    summary: 'List what clients were told of the ends of sessions',
    description: 'The latest first. What has ended is kept for seven days here, and in the log for good.',
    query: listQuery({
      session: shownId('ses', sessionId).optional(),
      account: shownId('acc', accountId).optional(),
      client: clientId.optional(),
      outcome: z.enum(deliveryOutcomes).optional(),
    }),
    paged: true,
    response: { schema: listOf(shownLogoutDelivery) },
  }),

  read: operation({
    ...about,
    id: 'readLogoutDelivery',
    method: 'GET',
    path: '/logout-deliveries/{delivery_id}',
    summary: 'Read what one client was told of the end of one session',
    parameters: z.strictObject({ delivery_id: shownId('dlv', deliveryId) }),
    response: { schema: shownLogoutDelivery },
  }),
} as const;
