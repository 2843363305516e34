import { z } from 'zod';
import { accountClaims } from '../../directory/account.js';
import { accountAttributes } from '../../directory/attributes.js';
import { text } from '../../text.js';
import { groupReference, objectName } from './names.js';

/** What the directory adds by itself: the username, and the time of the last change. */
const claims = accountClaims.omit({ preferred_username: true, updated_at: true }).shape;
const declaredClaims = { ...claims, address: claims.address.unwrap().strict().optional() };

/** An account's place in an organisation, with the roles that count there. */
export const membershipObject = z.strictObject({ name: objectName, roles: z.array(objectName).default([]) });

/** A person as an administrator writes it: OpenID Connect's claims, and ours beside them. */
export const accountObject = z.strictObject({
  username: text(320, 1),
  password: text(1024, 8)
    .optional()
    .describe(
      '8 to 1,024 characters. Without one a new account cannot sign in by password; one that is there keeps the password that it has.',
    ),
  enabled: z.boolean().default(true),
  ...declaredClaims,
  attributes: accountAttributes
    .default({})
    .describe('SCIM attributes without a claim, and those that the tenant defines.'),
  groups: z.array(groupReference).default([]),
  roles: z.array(objectName).default([]),
  organisations: z.array(membershipObject).default([]),
});
export type AccountObject = z.output<typeof accountObject>;
