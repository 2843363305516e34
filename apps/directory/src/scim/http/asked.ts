import { rawQuery, type HttpRequest } from '@signet/service';
import { listParameters } from '../lists/list-query.js';
import { readProjection } from '../schema/projection.js';
import type { ResourceType } from '../schema/resource-type.js';
import type { Asked } from '../scim-context.js';
import { versionsIn } from './conditions.js';

/** What a request of one resource asks beside its body: which version it means, and which attributes it wants. */
export function askedOf(type: ResourceType, request: HttpRequest): Asked {
  const { attributes, excludedAttributes } = listParameters(rawQuery(request));
  return {
    ifMatch: versionsIn(request.headers['if-match']),
    projection: readProjection(type, attributes, excludedAttributes),
  };
}

/** RFC 7644 section 3.14: whether the caller has this version already. */
export const isNotModified = (request: HttpRequest, version: number): boolean =>
  versionsIn(request.headers['if-none-match'])?.(version) ?? false;
