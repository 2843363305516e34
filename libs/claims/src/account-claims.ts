import { z } from 'zod';

const text = z.string().max(1024);

/** OpenID Connect Core 1.0 section 5.1.1. */
export const addressSchema = z.object({
  formatted: text.optional(),
  street_address: text.optional(),
  locality: text.optional(),
  region: text.optional(),
  postal_code: text.optional(),
  country: text.optional(),
});

/**
 * The standard claims of an account, by their names on the wire (OpenID Connect Core 1.0 section 5.1). `sub` is what the
 * asking client sees; `updated_at` is in seconds.
 */
export const accountClaimsSchema = z.object({
  sub: z.string().min(1).max(255),
  name: text.optional(),
  given_name: text.optional(),
  family_name: text.optional(),
  middle_name: text.optional(),
  nickname: text.optional(),
  preferred_username: text.optional(),
  profile: text.optional(),
  picture: text.optional(),
  website: text.optional(),
  gender: text.optional(),
  birthdate: text.optional(),
  zoneinfo: text.optional(),
  locale: text.optional(),
  updated_at: z.int().nonnegative().optional(),
  email: text.optional(),
  email_verified: z.boolean().optional(),
  address: addressSchema.optional(),
  phone_number: text.optional(),
  phone_number_verified: z.boolean().optional(),
});
export type AccountClaims = z.infer<typeof accountClaimsSchema>;
export type AccountClaimName = keyof AccountClaims;

/** What of `names` the account has; a claim without a value is left out, never null or empty (section 5.3.2). */
export const accountClaimsOf = (account: Partial<AccountClaims>, names: ReadonlySet<string>): Partial<AccountClaims> =>
  Object.fromEntries(
    Object.entries(account).filter(([name, value]) => names.has(name) && value !== undefined && value !== ''),
  );
