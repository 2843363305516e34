import type { StatusReference } from '@signet/claims';
import { pathAt, type Tenant } from '@signet/contracts';

/** Tokens to a list: 8 KiB, and 200 tokens a second for five minutes. */
export const listSize = 2 ** 16;

export const statusListPath = '/status-lists';

/** Where a list of the tenant's is; `number` counts them from 0. */
export const statusListUri = (tenant: Pick<Tenant, 'issuer' | 'slug'>, number: number): string =>
  `${new URL(tenant.issuer).origin}${pathAt(tenant, statusListPath)}/${number}`;

/** What an access token says of its place among all of the tenant's. */
export const statusReference = (tenant: Pick<Tenant, 'issuer' | 'slug'>, index: number): StatusReference => ({
  idx: index % listSize,
  uri: statusListUri(tenant, Math.floor(index / listSize)),
});
