import type { Client, RegisteredClient, ResourceServer } from './client.js';
import { invalidTarget } from './errors/oauth-error.js';
import { fail, ok } from './result.js';
import type { Result } from './result.js';

/** RFC 8707 section 2: a client that has no scope there has nothing to do there. A resource server without scopes is open to every client. */
const isOpenTo = ({ scopes }: ResourceServer, client: Pick<Client, 'scopes'>): boolean =>
  scopes.length === 0 || scopes.some((scope) => client.scopes.includes(scope));

/** The identifiers of the resource servers that a token of this client may be for, by now. */
export const openResources = ({ client, resourceServers }: RegisteredClient): readonly string[] =>
  resourceServers.filter((server) => isOpenTo(server, client)).map(({ identifier }) => identifier);

/** RFC 8707 section 2: absolute URIs without fragment, each one registered in this tenant, and open to the client. */
export const checkResources = (
  resources: readonly string[],
  { client, resourceServers }: RegisteredClient,
): Result<readonly string[]> => {
  for (const resource of resources) {
    if (!URL.canParse(resource) || resource.includes('#')) {
      return fail(invalidTarget('The resource must be an absolute URI without fragment'));
    }
    const server = resourceServers.find(({ identifier }) => identifier === resource);
    if (server === undefined) return fail(invalidTarget('The resource is unknown'));
    if (!isOpenTo(server, client)) return fail(invalidTarget('The client has no scope at this resource'));
  }
  return ok([...new Set(resources)]);
};

/**
 * RFC 8707 section 2.2: a token for these resources has the scopes that mean something there. Those of other resource
 * servers are left out, or whoever is handed the token could use it there, or see what else the client may do. Scopes of
 * no resource server (openid, and those of the account) stay.
 */
export const scopesWithin = (
  resources: readonly string[],
  scopes: readonly string[],
  resourceServers: readonly ResourceServer[],
): readonly string[] => {
  if (resources.length === 0) return scopes;
  const foreign = resourceServers.filter(({ identifier }) => !resources.includes(identifier));
  const own = resourceServers.filter(({ identifier }) => resources.includes(identifier));
  const isOf = (scope: string, servers: readonly ResourceServer[]) => servers.some((one) => one.scopes.includes(scope));
  return scopes.filter((scope) => isOf(scope, own) || !isOf(scope, foreign));
};

interface Target {
  readonly issuer: string;
  readonly scopes: readonly string[];
  readonly resources: readonly string[];
  readonly resourceServers: readonly ResourceServer[];
}

/**
 * The `aud` of an access token (RFC 9068 section 3): the resource servers asked for by `resource`, else those that the
 * scopes lead to; without `resource` also the issuer, whose userinfo endpoint is a resource too, where openid is granted
 * or nothing else is left.
 */
const audienceOf = (input: Target): readonly string[] => {
  if (input.resources.length > 0) return input.resources;
  const reached = input.resourceServers
    .filter((server) => server.scopes.some((scope) => input.scopes.includes(scope)))
    .map((server) => server.identifier);
  return input.scopes.includes('openid') || reached.length === 0 ? [...reached, input.issuer] : reached;
};

/** What an access token is for: whom, and what may be done there. */
export const targetOf = (input: Target): Pick<Target, 'scopes'> & { readonly audience: readonly string[] } => ({
  scopes: scopesWithin(input.resources, input.scopes, input.resourceServers),
  audience: audienceOf(input),
});
