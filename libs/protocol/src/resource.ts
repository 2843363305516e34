import type { ResourceServer } from './client.js';
import { invalidTarget } from './errors/oauth-error.js';
import { fail, ok } from './result.js';
import type { Result } from './result.js';

/** RFC 8707 section 2: absolute URIs without fragment, each one registered in this tenant. */
export const checkResources = (
  resources: readonly string[],
  resourceServers: readonly ResourceServer[],
): Result<readonly string[]> => {
  for (const resource of resources) {
    if (!URL.canParse(resource) || resource.includes('#')) {
      return fail(invalidTarget('The resource must be an absolute URI without fragment'));
    }
    if (!resourceServers.some((server) => server.identifier === resource)) {
      return fail(invalidTarget('The resource is unknown'));
    }
  }
  return ok([...new Set(resources)]);
};

/**
 * The `aud` of an access token (RFC 9068 section 3): the resource servers asked for by `resource`, else those that the
 * scopes lead to; without `resource` also the issuer, whose userinfo endpoint is a resource too, where openid is granted
 * or nothing else is left.
 */
export const audienceOf = (input: {
  readonly issuer: string;
  readonly scopes: readonly string[];
  readonly resources: readonly string[];
  readonly resourceServers: readonly ResourceServer[];
}): readonly string[] => {
  if (input.resources.length > 0) return input.resources;
  const reached = input.resourceServers
    .filter((server) => server.scopes.some((scope) => input.scopes.includes(scope)))
    .map((server) => server.identifier);
  return input.scopes.includes('openid') || reached.length === 0 ? [...reached, input.issuer] : reached;
};
