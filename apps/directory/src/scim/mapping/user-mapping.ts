import { accountAttributes, accountClaims, type AccountAttributes, type StoredClaims } from '@signet/contracts';
import { invalid } from '../scim-error.js';
import { membersOf } from '../schema/read-resource.js';
import type { Resource } from '../schema/resource-type.js';
import { tenantSchemaId } from '../schema/tenant-schema.js';
import { plurals, singles, type Place } from './mapping-table.js';
import { addressClaim, addressesOf, preferred, storedAddress, withoutPrimary, withPrimary } from './plural-values.js';

/** What of an account SCIM knows. */
export interface Person {
  readonly externalId: string | null;
  readonly username: string;
  readonly active: boolean;
  readonly claims: StoredClaims;
  readonly attributes: AccountAttributes;
}

/** The attributes that a client may write, as the account has them now; what a PATCH is applied to. */
export function resourceOf({ externalId, username, active, claims, attributes }: Person): Resource {
  const resource: Resource = { ...(externalId !== null && { externalId }), userName: username, active };
  for (const field of singles) {
    const value = 'claim' in field ? claims[field.claim] : attributes[field.attribute];
    if (value !== undefined) holderOf(resource, field)[field.name] = value;
  }
  for (const { name, attribute, claim } of plurals) {
    const values = withPrimary(listOf(attributes[attribute]), claim && claims[claim]);
    if (values.length > 0) resource[name] = values;
  }
  const addresses = addressesOf(listOf(attributes['addresses']), claims.address);
  if (addresses.length > 0) resource['addresses'] = addresses;
  const own = Object.entries(attributes).filter(([name]) => !mapped.has(name));
  if (own.length > 0) resource[tenantSchemaId] = Object.fromEntries(own);
  return resource;
}

/**
 * The account that a resource is. What SCIM has no attribute for stays as it was `before`: gender, birthdate, website, and
 * whether an address or number that did not change is verified. Throws ScimError where a claim cannot have such a value.
 */
export function personOf(resource: Resource, before: Person | undefined): Person {
  const claims: Record<string, unknown> = keptOf(before?.claims ?? {});
  if (resource['userName'] !== before?.username) claims['preferred_username'] = resource['userName'];
  const attributes: Record<string, unknown> = { ...((resource[tenantSchemaId] ?? {}) as Resource) };
  for (const field of singles) place(field, valueAt(resource, field), claims, attributes);
  for (const { name, attribute, claim } of plurals) {
    const values = listOf(resource[name]);
    if (values.length > 0) attributes[attribute] = values.map(withoutPrimary);
    const value = preferred(values)?.['value'];
    if (claim && value !== undefined) claims[claim] = value;
  }
  const addresses = listOf(resource['addresses']);
  const address = preferred(addresses);
  if (addresses.length > 0) attributes['addresses'] = addresses.map(storedAddress);
  if (address) claims['address'] = addressClaim(address);
  claims['name'] = nameIn(claims['name'], attributes['display_name'], before);
  return {
    externalId: (resource['externalId'] as string | undefined) ?? null,
    username: resource['userName'] as string,
    // RFC 7643 section 4.1.1 leaves what is not said to us.
    active: (resource['active'] as boolean | undefined) ?? before?.active ?? true,
    claims: verifiedAsBefore(checkedClaims(claims), before?.claims ?? {}),
    attributes: checkedAttributes(attributes),
  };
}

type Field = (typeof singles)[number];

const listOf = (value: unknown): Resource[] => (Array.isArray(value) ? (value as Resource[]) : []);

function holderOf(resource: Resource, { extension, of }: Field): Resource {
  const holder = membersOf(resource, extension);
  return of === undefined ? holder : ((holder[of] ??= {}) as Resource);
}

function valueAt(resource: Resource, { extension, of, name }: Field): unknown {
  const holder = (extension === undefined ? resource : resource[extension]) as Resource | undefined;
  return (of === undefined ? holder : (holder?.[of] as Resource | undefined))?.[name];
}

function place(at: Place, value: unknown, claims: Resource, attributes: Resource): void {
  if (value === undefined) return;
  if ('claim' in at) claims[at.claim] = value;
  else attributes[at.attribute] = value;
}

const mapped: ReadonlySet<string> = new Set([
  ...singles.flatMap((field) => ('attribute' in field ? [field.attribute] : [])),
  ...plurals.map(({ attribute }) => attribute),
  'addresses',
]);
const mappedClaims: ReadonlySet<string> = new Set([
  ...singles.flatMap((field) => ('claim' in field ? [field.claim] : [])),
  ...plurals.flatMap(({ claim }) => claim ?? []),
  'address',
]);

const keptOf = (claims: StoredClaims): Resource =>
  Object.fromEntries(Object.entries(claims).filter(([name]) => !mappedClaims.has(name)));

/** Nobody but us says that an address is verified, and of that address alone. */
function verifiedAsBefore(claims: StoredClaims, before: StoredClaims): StoredClaims {
  const { email_verified: email, phone_number_verified: phone, ...rest } = claims;
  return {
    ...rest,
    ...(email !== undefined && rest.email === before.email && { email_verified: email }),
    ...(phone !== undefined && rest.phone_number === before.phone_number && { phone_number_verified: phone }),
  };
}

/** Of a person whose name nobody tells apart from the name that is shown, the one is the other, and goes on being. */
function nameIn(name: unknown, displayName: unknown, before: Person | undefined): unknown {
  const followed = before && name === before.attributes.display_name && name === before.claims.name;
  return (followed ? displayName : name) ?? displayName;
}

function checkedClaims(claims: Resource): StoredClaims {
  const parsed = accountClaims.safeParse(definedOf(claims));
  if (parsed.success) return parsed.data;
  const claim = String(parsed.error.issues[0]?.path[0]);
  throw invalid('invalidValue', `${nameOf(claim)} is nothing that the claim ${claim} may be`);
}

function checkedAttributes(attributes: Resource): AccountAttributes {
  const parsed = accountAttributes.safeParse(definedOf(attributes));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalid('invalidValue', `${String(issue?.path[0] ?? 'The attributes')}: ${issue?.message ?? 'not valid'}`);
}

const definedOf = (members: Resource): Resource =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

function nameOf(claim: string): string {
  const single = singles.find((field) => 'claim' in field && field.claim === claim);
  if (single) return single.of === undefined ? single.name : `${single.of}.${single.name}`;
  return plurals.find((field) => field.claim === claim)?.name ?? claim;
}
