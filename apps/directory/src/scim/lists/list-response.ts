import { project, type Projection } from '../schema/projection.js';
import type { Resource, ResourceType } from '../schema/resource-type.js';

/** RFC 7644 section 3.4.2. */
export function listResponse(total: number, startIndex: number, resources: readonly Resource[]): Resource {
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults: total,
    startIndex,
    itemsPerPage: resources.length,
    Resources: resources,
  };
}

export const projected = (type: ResourceType, resources: readonly Resource[], projection: Projection): Resource[] =>
  resources.map((resource) => project(type, resource, projection));
