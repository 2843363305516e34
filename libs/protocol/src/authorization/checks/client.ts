import type { ClientDirectory, RegisteredClient } from '../../client.js';
import { invalidRequest, unauthorizedClient } from '../../errors/oauth-error.js';
import type { RequestParameters } from '../../parameters.js';
import { fail, ok } from '../../result.js';
import type { Result } from '../../result.js';

/** RFC 6749 section 4.1.2.1: a missing or invalid client identifier is told to the person, never by redirect. */
export const ensureClient = async (
  parameters: RequestParameters,
  clients: ClientDirectory,
): Promise<Result<RegisteredClient>> => {
  const clientId = parameters.get('client_id');
  if (clientId === undefined) return fail(invalidRequest('The parameter client_id is missing'));
  const registered = await clients.find(clientId);
  if (registered === undefined) return fail(invalidRequest('The client is unknown', { detail: 'client_unknown' }));
  if (!registered.client.enabled) {
    return fail(unauthorizedClient('The client is disabled', { detail: 'client_disabled' }));
  }
  return ok(registered);
};
