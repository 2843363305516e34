import { z } from 'zod';
import { accountId, grantId } from '../ids.js';
import { clientId, scopeName } from '../text.js';
import { idText } from './collection.js';
import { listOf, listQuery } from './lists.js';
import { operation } from './operation.js';
import { shownId } from './shown-id.js';

/** What an account lets a client have: a consent, where it was asked. */
export const shownGrant = z
  .strictObject({
    id: idText('gra'),
    account_id: idText('acc'),
    client_id: clientId,
    scopes: z.array(scopeName).describe('That the person agreed to; none where nobody was asked.'),
    agreed_at: z.iso.datetime().nullable().describe('Null where nobody was asked: the client is of the first party.'),
    created_at: z.iso.datetime(),
    last_used_at: z.iso.datetime().nullable().describe('For a sign-in, to the minute, or for a refresh.'),
  })
  .meta({ id: 'Grant' });
export type ShownGrant = z.infer<typeof shownGrant>;

const about = { service: 'token', collection: 'grants' } as const;
const ofGrant = z.strictObject({ grant_id: shownId('gra', grantId) });

export const grantOperations = {
  list: operation({
    ...about,
    id: 'listGrants',
    method: 'GET',
    path: '/grants',
    permission: 'grants:read',
    summary: 'List grants',
    query: listQuery({ account: shownId('acc', accountId).optional(), client: clientId.optional() }),
    paged: true,
    response: { schema: listOf(shownGrant) },
  }),

  read: operation({
    ...about,
    id: 'readGrant',
    method: 'GET',
    path: '/grants/{grant_id}',
    permission: 'grants:read',
    summary: 'Read a grant',
    parameters: ofGrant,
    response: { schema: shownGrant },
  }),

  withdraw: operation({
    ...about,
    id: 'withdrawGrant',
    method: 'DELETE',
    path: '/grants/{grant_id}',
    permission: 'grants:write',
    summary: 'Withdraw a grant',
    description:
      'Every token that rests on it, refresh tokens included, ends with it. The client may ask the person again.',
    parameters: ofGrant,
  }),
} as const;
