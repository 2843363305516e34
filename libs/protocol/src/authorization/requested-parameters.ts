import type { Client } from '../client.js';
import { clientPolicy } from '../client-policy.js';
import { invalidRequest } from '../errors/oauth-error.js';
import type { RequestParameters } from '../parameters.js';
import { mergeRequest } from '../request-object/merge-request.js';
import type { AskedRequest, PushedReference, RequestObjects } from '../request-object/request-objects.js';
import { fail, ok } from '../result.js';
import type { Result } from '../result.js';

/** Where a request comes to: the browser's endpoint, or the one that clients push to. */
export type RequestEndpoint = 'authorize' | 'par';

export interface RequestedParameters {
  readonly parameters: RequestParameters;
  /** A request object, signed or not, or a pushed request said what is asked for. */
  readonly byObject: boolean;
  readonly pushed?: PushedReference | undefined;
}

const askedOf = (parameters: RequestParameters): Result<AskedRequest | undefined> => {
  const [request, requestUri] = [parameters.get('request'), parameters.get('request_uri')];
  // OpenID Connect Core 1.0 section 6.2: MUST NOT be used together.
  if (request !== undefined && requestUri !== undefined) {
    return fail(invalidRequest('The parameters request and request_uri exclude each other'));
  }
  if (requestUri !== undefined) return ok({ requestUri });
  return ok(request === undefined ? undefined : { request });
};

/**
 * What the client asks for, wherever it says so: in the query, in a request object, or in a request that it has pushed.
 * `client_id` is beyond doubt by then; nothing else is.
 */
export const requestedParameters = async (
  parameters: RequestParameters,
  client: Client,
  deps: { readonly requestObjects: RequestObjects; readonly endpoint: RequestEndpoint },
): Promise<Result<RequestedParameters>> => {
  const asked = askedOf(parameters);
  if (!asked.ok) return asked;
  if (asked.value === undefined) return ok({ parameters, byObject: false });
  // RFC 9126 section 2.1: what is pushed is no reference to something else.
  if (deps.endpoint === 'par' && 'requestUri' in asked.value) {
    return fail(invalidRequest('The parameter request_uri may not be pushed'));
  }
  const resolved = await deps.requestObjects.resolve(client, asked.value);
  if (!resolved.ok) return resolved;
  const { pushed } = resolved.value;
  // RFC 9126 section 3: in a pushed request object as in RFC 9101, everything stands in the object.
  const alone = deps.endpoint === 'par' || pushed !== undefined || clientPolicy(client).requireSignedRequestObject;
  const merged = mergeRequest(parameters, resolved.value, client, alone);
  return merged.ok ? ok({ parameters: merged.value, byObject: true, pushed }) : merged;
};
