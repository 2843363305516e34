import { authoritySchema } from '@signet/protocol';
import { z } from 'zod';
import { accountId, organisationId, tenantId } from '../ids.js';
import { micros } from '../instant.js';
import { request } from '../request.js';
import { text } from '../text.js';

export const accountStatus = z.enum(['active', 'disabled']);

/** OpenID Connect Core section 5.1.1, and RFC 7643 section 4.1.2. */
export const addressMembers = {
  formatted: text(1_000).optional(),
  street_address: text(500).optional(),
  locality: text(200).optional(),
  region: text(200).optional(),
  postal_code: text(50).optional(),
  country: text(100).optional(),
} as const;

/** OpenID Connect Core section 5.1, as far as the directory keeps it. Wire names, since they are claims. */
export const accountClaims = z.object({
  name: text(200).optional(),
  given_name: text(200).optional(),
  family_name: text(200).optional(),
  middle_name: text(200).optional(),
  nickname: text(200).optional(),
  preferred_username: text(200).optional(),
  profile: z.url().optional(),
  picture: z.url().optional(),
  website: z.url().optional(),
  email: z.email().optional(),
  email_verified: z.boolean().optional(),
  gender: text(50).optional(),
  birthdate: text(10).optional(),
  zoneinfo: text(64).optional(),
  locale: text(35).optional(),
  updated_at: z.int().nonnegative().optional(),
  address: z.object(addressMembers).optional(),
  phone_number: text(40, 1).optional(),
  phone_number_verified: z.boolean().optional(),
});
export type StoredClaims = z.infer<typeof accountClaims>;

/** What the token service copies to make tokens and userinfo of. */
export const account = z.object({
  accountId,
  tenantId,
  /** Random, never reused, never the id. */
  sub: text(255, 1),
  /** 32 random bytes, for pairwise subjects: never shown, logged or stored elsewhere. */
  pairwiseSeed: z.base64url().length(43),
  status: accountStatus,
  version: z.int().positive(),
  claims: accountClaims,
  /** Effective ones: those of groups that it is in by nesting, too. */
  groups: z.array(z.string()),
  roles: z.array(z.string()),
  authority: authoritySchema,
  /** Enabled ones, with what it has in each beside what it has everywhere. */
  organisations: z.array(
    z.object({
      organisationId,
      name: z.string(),
      roles: z.array(z.string()),
      permissions: authoritySchema.shape.permissions,
    }),
  ),
});
export type Account = z.infer<typeof account>;

export const findAccount = request('directory', 'account', 'find', {
  request: z.strictObject({ tenantId, accountId }),
  response: account,
  errors: ['not_found'],
});

/**
 * The account behind what a person typed, compared by identifier key (NFKC, case-folded).
 * `readAt` is Postgres' time of the read: the `since` of the sign-in that it begins. An unknown identifier is a null account, not an error.
 */
export const resolveAccount = request('directory', 'account', 'resolve', {
  request: z.strictObject({ tenantId, identifier: text(320, 1) }),
  response: z.object({
    account: z
      .object({ accountId, status: accountStatus, version: z.int().positive(), username: text(320) })
      .nullable(),
    readAt: micros,
  }),
});
