import type { AttributeDefinition, EventContext, HeldPermission, Tenant } from '@signet/contracts';
import type { Projection } from './schema/projection.js';
import type { ResourceType } from './schema/resource-type.js';
import { userTypeOf } from './schema/tenant-schema.js';
import { scimBase } from './scim-resource.js';

/** A request of a provisioning client, as far as what it does depends on it. */
export interface ScimContext {
  readonly tenant: Pick<Tenant, 'id'>;
  /** Where the tenant's SCIM is. */
  readonly base: string;
  readonly userType: ResourceType;
  readonly definitions: readonly AttributeDefinition[];
  /** Who does it, for the events. */
  readonly events: EventContext;
  /** What the caller may administer: nobody is given more through a group. */
  readonly held: readonly HeldPermission[];
}

export function scimContext(
  tenant: Tenant,
  definitions: readonly AttributeDefinition[],
  events: EventContext,
  held: readonly HeldPermission[],
): ScimContext {
  return { tenant, definitions, events, held, base: scimBase(tenant), userType: userTypeOf(definitions) };
}

/** How something is asked for. */
export interface Asked {
  /** Of If-Match: whether this version is meant. Undefined where the request has none. */
  readonly ifMatch: ((version: number) => boolean) | undefined;
  readonly projection: Projection;
}
