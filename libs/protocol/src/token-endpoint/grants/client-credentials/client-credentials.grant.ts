import { isPublicClient } from '../../../client.js';
import { invalidClient, invalidScope, unauthorizedClient } from '../../../errors/oauth-error.js';
import { checkResources, targetOf } from '../../../resource.js';
import { fail, ok } from '../../../result.js';
import { accountScopes, covers } from '../../../scope.js';
import type { Grant } from '../../grant.js';
import type { ClientCredentialsStore } from './client-credentials-store.js';

/** RFC 6749 section 4.4. Without a `scope` the client gets all of its own that do not speak of an account (section 3.3). */
export const clientCredentialsGrant = (deps: { readonly tokens: ClientCredentialsStore }): Grant => ({
  grantType: 'client_credentials',
  parameters: [],

  async handle({ client, resourceServers, issuer, requestedScopes, requestedResources, tokenId }) {
    // RFC 6749 section 4.4: MUST only be used by confidential clients.
    if (isPublicClient(client)) return fail(unauthorizedClient('A public client may not use client_credentials'));
    const own = client.scopes.filter((scope) => !accountScopes.has(scope));
    const asked = requestedScopes ?? own;
    if (!covers(own, asked)) return fail(invalidScope('The client may not have this scope'));

    // Where nobody is there, a scope of an account opens no resource.
    const resources = checkResources(requestedResources, { client: { ...client, scopes: own }, resourceServers });
    if (!resources.ok) return resources;
    const target = targetOf({ issuer, scopes: asked, resources: resources.value, resourceServers });
    // RFC 8707 section 2.2
    if (requestedScopes !== undefined && target.scopes.length === 0) {
      return fail(invalidScope('The resource has none of these scopes'));
    }
    const result = await deps.tokens.record({ client, ...target, tokenId });
    if (result.outcome === 'dead') {
      return fail(invalidClient('The client could not be authenticated', { detail: 'client_dead' }));
    }
    const { instance, since, statusIndex } = result;
    return ok({ client, subject: { kind: 'client', instance, since }, tokenId, ...target, statusIndex });
  },
});
