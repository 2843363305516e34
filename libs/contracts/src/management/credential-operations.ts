import { z } from 'zod';
import { accountId } from '../ids.js';
import { text } from '../text.js';
import { operation } from './operation.js';
import { shownId } from './shown-id.js';

const about = {
  service: 'authn',
  collection: 'credentials',
  parameters: z.strictObject({ account_id: shownId('acc', accountId) }),
} as const;

/** What an account can sign in with. Secrets are set, and never read. */
export const shownCredentials = z
  .strictObject({
    password: z
      .strictObject({ changed_at: z.iso.datetime() })
      .nullable()
      .describe('Null where the account has none, and cannot sign in by it.'),
  })
  .meta({ id: 'Credentials' });
export type ShownCredentials = z.infer<typeof shownCredentials>;

export const credentialOperations = {
  read: operation({
    ...about,
    id: 'readCredentials',
    method: 'GET',
    path: '/credentials/{account_id}',
    permission: 'credentials:read',
    summary: 'Read what an account can sign in with',
    response: { schema: shownCredentials },
  }),
  setPassword: operation({
    ...about,
    id: 'setPassword',
    method: 'PUT',
    path: '/credentials/{account_id}/password',
    permission: 'credentials:write',
    summary: "Set an account's password",
    description:
      'Replaces the one that it has, and ends what the account was signed in to with it, unless the policy of the tenant lets that go on.',
    body: z.strictObject({ password: text(1_024, 8).describe('8 to 1,024 characters, compared after NFC.') }),
  }),
} as const;
