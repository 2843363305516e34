import type { Client, ClientDirectory, ClientWithSecrets, RegisteredClient } from '../client.js';
import type { Digests } from '../digests.js';
import { invalidClient } from '../errors/oauth-error.js';
import type { RequestParameters } from '../parameters.js';
import { fail, ok } from '../result.js';
import type { Result } from '../result.js';
import { verifyAssertion } from './client-assertion.js';
import type { ClientAssertions } from './client-assertion.js';
import { isSecretOf } from './client-secret.js';
import { presentedClient } from './presented-client.js';
import type { PresentedClient } from './presented-client.js';

export interface ClientAuthenticationDeps {
  readonly clients: ClientDirectory<ClientWithSecrets>;
  readonly digests: Digests;
  readonly assertions: ClientAssertions;
}

export interface ClientAuthenticationRequest {
  /** The Authorization header, as it came. */
  readonly authorization: string | undefined;
  readonly parameters: RequestParameters;
}

const isRegisteredMethod = ({ method }: PresentedClient, { tokenEndpointAuthMethod }: Client): boolean =>
  method === 'assertion'
    ? tokenEndpointAuthMethod === 'client_secret_jwt' || tokenEndpointAuthMethod === 'private_key_jwt'
    : tokenEndpointAuthMethod === method;

/** What is left to do once everything else holds, or which check failed. */
type Proof = { readonly ok: true; spend?(): Promise<boolean> } | { readonly ok: false; readonly fault: string };

const prove = async (
  presented: PresentedClient,
  client: ClientWithSecrets,
  { digests, assertions }: ClientAuthenticationDeps,
): Promise<Proof> => {
  switch (presented.method) {
    case 'none':
      return { ok: true };
    case 'client_secret_basic':
    case 'client_secret_post':
      return isSecretOf(client, presented.secret, digests) ? { ok: true } : { ok: false, fault: 'secret_wrong' };
    case 'assertion':
      return verifyAssertion(presented.assertion, client, assertions, digests);
  }
};

/**
 * RFC 6749 section 2.3 and 3.2.1: the client of a request to /token, /introspect, /revoke or /par. One answer for an unknown
 * client, a wrong secret and a method that is not the registered one; which it was, `detail` tells the log.
 * A public client comes out as what it claims to be: only PKCE and the bindings of what it presents protect it.
 */
export const authenticateClient = async (
  request: ClientAuthenticationRequest,
  deps: ClientAuthenticationDeps,
): Promise<Result<RegisteredClient<ClientWithSecrets>>> => {
  const presented = presentedClient(request.authorization, request.parameters, deps.assertions.jwts);
  if (!presented.ok) return presented;
  const refuse = (detail: string) => fail(invalidClient('The client could not be authenticated', { detail }));

  const registered = await deps.clients.find(presented.value.clientId);
  if (registered === undefined) return refuse('client_unknown');
  const { client } = registered;
  // OpenID Connect Dynamic Client Registration 1.0 section 2: the registered method and no other.
  if (!isRegisteredMethod(presented.value, client)) return refuse('method_not_registered');
  const proof = await prove(presented.value, client, deps);
  if (!proof.ok) return refuse(proof.fault);
  // Only the client itself learns that it is disabled.
  if (!client.enabled) return refuse('client_disabled');
  // RFC 7523 section 3, item 7: each assertion once. Last, so that nothing but a good one is ever remembered.
  if (proof.spend !== undefined && !(await proof.spend())) return refuse('assertion_replayed');
  return ok(registered);
};
