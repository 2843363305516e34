import type { StoredClaims } from '@signet/contracts';
import { isPrimary } from '../schema/read-value.js';
import type { Resource } from '../schema/resource-type.js';
import { addressMembers } from './mapping-table.js';

/** The primary value, else the first for work, else the first: there is one claim. */
export const preferred = (values: readonly Resource[]): Resource | undefined =>
  values.find(isPrimary) ?? values.find(({ type }) => type === 'work') ?? values[0];

/** What is kept: the claim says which one is primary. */
export const withoutPrimary = (value: Resource): Resource =>
  Object.fromEntries(Object.entries(value).filter(([name]) => name !== 'primary'));

/**
 * Values as they are told: the one that the claim has is primary, and comes first where the directory was given the claim by
 * somebody else than SCIM.
 */
export function withPrimary(stored: readonly Resource[], claim: string | undefined): Resource[] {
  if (claim === undefined) return [...stored];
  const index = stored.findIndex(({ value }) => value === claim);
  if (index < 0) return [{ value: claim, primary: true }, ...stored];
  return stored.map((one, at) => (at === index ? { ...one, primary: true } : one));
}

export function addressesOf(stored: readonly Resource[], claim: StoredClaims['address']): Resource[] {
  const told = stored.map(toAddress);
  if (!claim) return told;
  const index = stored.findIndex((address) => sameAddress(address, claim));
  if (index < 0) return [{ ...toAddress(claim), primary: true }, ...told];
  return told.map((one, at) => (at === index ? { ...one, primary: true } : one));
}

const sameAddress = (address: Resource, claim: Resource): boolean =>
  addressMembers.every(([, name]) => address[name] === claim[name]);

function toAddress(stored: Resource): Resource {
  const { type } = stored;
  const members = addressMembers.filter(([, name]) => stored[name] !== undefined);
  return {
    ...Object.fromEntries(members.map(([told, name]) => [told, stored[name]])),
    ...(type !== undefined && { type }),
  };
}

export function storedAddress(address: Resource): Resource {
  const { type } = address;
  return { ...addressClaim(address), ...(type !== undefined && { type }) };
}

export function addressClaim(address: Resource): Resource {
  const members = addressMembers.filter(([told]) => address[told] !== undefined);
  return Object.fromEntries(members.map(([told, name]) => [name, address[told]]));
}
