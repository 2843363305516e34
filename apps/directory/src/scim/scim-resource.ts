import { pathAt, type Tenant } from '@signet/contracts';
import type { Resource } from './schema/resource-type.js';

/** Where a tenant's SCIM is; made of its issuer, never of the request. */
export const scimBase = (tenant: Pick<Tenant, 'slug' | 'issuer'>): string =>
  `${new URL(tenant.issuer).origin}${pathAt(tenant, '/scim/v2')}`;

/** A representation, with the version that it is of. */
export interface Found {
  readonly resource: Resource;
  readonly version: number;
  readonly location: string;
}

/** RFC 7644 section 3.14. Weak, since an answer has the attributes that were asked for. */
export const entityTag = (version: number): string => `W/"${version}"`;

export interface MetaOf {
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export function metaOf(resourceType: string, location: string, { version, createdAt, updatedAt }: MetaOf): Resource {
  return { resourceType, created: createdAt, lastModified: updatedAt, location, version: entityTag(version) };
}
