import type { HttpReply } from '@signet/service';
import { project, type Projection } from '../schema/projection.js';
import type { Resource, ResourceType } from '../schema/resource-type.js';
import { entityTag, type Found } from '../scim-resource.js';

/** RFC 7644 section 8.1. What it tells is of persons, and is kept by nobody on the way. */
export function sendScim(reply: HttpReply, status: number, body: Resource): void {
  void reply
    .status(status)
    .header('Cache-Control', 'no-store')
    .type('application/scim+json; charset=utf-8')
    .send(JSON.stringify(body));
}

export function sendResource(
  reply: HttpReply,
  status: number,
  type: ResourceType,
  found: Found,
  projection: Projection,
): void {
  void reply.header('ETag', entityTag(found.version));
  if (status === 201) void reply.header('Location', found.location);
  sendScim(reply, status, project(type, found.resource, projection));
}

export function sendNothing(reply: HttpReply, status: 204 | 304, version?: number): void {
  if (version !== undefined) void reply.header('ETag', entityTag(version));
  void reply.status(status).header('Cache-Control', 'no-store').send();
}
