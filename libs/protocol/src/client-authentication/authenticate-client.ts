import type { ClientDirectory, ClientWithSecrets, RegisteredClient } from '../client.js';
import type { Digests } from '../digests.js';
import { invalidClient } from '../errors/oauth-error.js';
import type { RequestParameters } from '../parameters.js';
import { fail, ok } from '../result.js';
import type { Result } from '../result.js';
import { presentedClient } from './presented-client.js';

export interface ClientAuthenticationDeps {
  readonly clients: ClientDirectory<ClientWithSecrets>;
  readonly digests: Digests;
}

export interface ClientAuthenticationRequest {
  /** The Authorization header, as it came. */
  readonly authorization: string | undefined;
  readonly parameters: RequestParameters;
}

/** Every stored hash is compared, so that time says nothing about which of them matched. */
const matchesAny = (secret: string, hashes: readonly string[], digests: Digests): boolean => {
  const hash = digests.sha256(secret);
  return hashes.reduce((matched, candidate) => digests.equal(hash, candidate) || matched, false);
};

/**
 * RFC 6749 section 2.3 and 3.2.1: the client of a request to /token, /introspect or /revoke. One answer for an unknown
 * client, a wrong secret and a method that is not the registered one; which it was, `detail` tells the log.
 * A public client comes out as what it claims to be: only PKCE and the bindings of what it presents protect it.
 */
export const authenticateClient = async (
  request: ClientAuthenticationRequest,
  { clients, digests }: ClientAuthenticationDeps,
): Promise<Result<RegisteredClient<ClientWithSecrets>>> => {
  const presented = presentedClient(request.authorization, request.parameters);
  if (!presented.ok) return presented;
  const { method, clientId } = presented.value;
  const refuse = (detail: string) => fail(invalidClient('The client could not be authenticated', { detail }));

  const registered = await clients.find(clientId);
  if (registered === undefined) return refuse('client_unknown');
  const { client } = registered;
  // OpenID Connect Dynamic Client Registration 1.0 section 2: the registered method and no other.
  if (client.tokenEndpointAuthMethod !== method) return refuse('method_not_registered');
  if (presented.value.method !== 'none' && !matchesAny(presented.value.secret, client.secretHashes, digests)) {
    return refuse('secret_wrong');
  }
  // Last, so that only the client itself learns that it is disabled.
  if (!client.enabled) return refuse('client_disabled');
  return ok(registered);
};
