import type { Client } from '../client.js';
import { invalidRequest, invalidRequestObject } from '../errors/oauth-error.js';
import { requestParameters } from '../parameters.js';
import type { RequestParameters } from '../parameters.js';
import { fail, ok } from '../result.js';
import type { Result } from '../result.js';
import type { ResolvedRequest } from './request-objects.js';

const beside: ReadonlySet<string> = new Set(['request', 'request_uri']);

/**
 * The one request that query and request object make. `alone`: what is asked for is what stands in the object (RFC 9101
 * section 5: "even if the same parameter is provided in the query parameter"). Else the object's values supersede, and the
 * query gives what it lacks (OpenID Connect Core 1.0 section 6.1).
 */
export const mergeRequest = (
  query: RequestParameters,
  { parameters }: Pick<ResolvedRequest, 'parameters'>,
  client: Client,
  alone: boolean,
): Result<RequestParameters> => {
  const inside = requestParameters(parameters);
  const clientId = inside.get('client_id');
  // RFC 9101 section 5: both MUST be identical. Section 6.3 of the same has the object carry it where it is alone.
  if (clientId === undefined ? alone : clientId !== client.clientId) {
    return fail(invalidRequestObject('The client_id of the request object is not that of the request'));
  }
  if (alone) return ok(inside);
  const responseType = query.get('response_type');
  // OpenID Connect Core 1.0 section 6.1: MUST match those in the request object, if included.
  if (responseType !== undefined && (inside.get('response_type') ?? responseType) !== responseType) {
    return fail(invalidRequest('The response_type differs from that of the request object'));
  }
  const merged = new Map<string, readonly string[]>();
  for (const name of query.names()) if (!beside.has(name)) merged.set(name, query.all(name));
  for (const name of inside.names()) merged.set(name, inside.all(name));
  return ok(requestParameters(Object.fromEntries(merged)));
};
