import type { StoredClaims } from '@signet/contracts';
import { enterpriseUserSchema } from '../schema/user-schemas.js';

const enterprise = enterpriseUserSchema.id;

/** Where the directory keeps an attribute of SCIM's: as a claim of OpenID Connect (Core section 5.1), else among its own attributes. */
export type Place = { readonly claim: keyof StoredClaims } | { readonly attribute: string };

/** Attributes of one value; `of` is the complex attribute that they are members of. */
export const singles: readonly ({
  readonly extension?: string;
  readonly of?: string;
  readonly name: string;
} & Place)[] = [
  { of: 'name', name: 'formatted', claim: 'name' },
  { of: 'name', name: 'familyName', claim: 'family_name' },
  { of: 'name', name: 'givenName', claim: 'given_name' },
  { of: 'name', name: 'middleName', claim: 'middle_name' },
  { of: 'name', name: 'honorificPrefix', attribute: 'honorific_prefix' },
  { of: 'name', name: 'honorificSuffix', attribute: 'honorific_suffix' },
  { name: 'displayName', attribute: 'display_name' },
  { name: 'nickName', claim: 'nickname' },
  { name: 'profileUrl', claim: 'profile' },
  { name: 'title', attribute: 'title' },
  { name: 'userType', attribute: 'user_type' },
  { name: 'preferredLanguage', attribute: 'preferred_language' },
  { name: 'locale', claim: 'locale' },
  { name: 'timezone', claim: 'zoneinfo' },
  { extension: enterprise, name: 'employeeNumber', attribute: 'employee_number' },
  { extension: enterprise, name: 'costCenter', attribute: 'cost_center' },
  { extension: enterprise, name: 'organization', attribute: 'organization' },
  { extension: enterprise, name: 'division', attribute: 'division' },
  { extension: enterprise, name: 'department', attribute: 'department' },
  { extension: enterprise, of: 'manager', name: 'value', attribute: 'manager' },
];

/** Attributes of several values: all of them among the directory's own, the primary one as a claim beside them. */
export const plurals = [
  { name: 'emails', attribute: 'emails', claim: 'email' },
  { name: 'phoneNumbers', attribute: 'phone_numbers', claim: 'phone_number' },
  { name: 'photos', attribute: 'photos', claim: 'picture' },
  { name: 'ims', attribute: 'ims', claim: undefined },
  { name: 'entitlements', attribute: 'entitlements', claim: undefined },
  { name: 'x509Certificates', attribute: 'x509_certificates', claim: undefined },
] as const;

/** Of an address; the claim has the same names as the directory's own attribute (OpenID Connect Core section 5.1.1). */
export const addressMembers = [
  ['formatted', 'formatted'],
  ['streetAddress', 'street_address'],
  ['locality', 'locality'],
  ['region', 'region'],
  ['postalCode', 'postal_code'],
  ['country', 'country'],
] as const;
