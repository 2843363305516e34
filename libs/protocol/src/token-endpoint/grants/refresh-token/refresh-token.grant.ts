import type { Digests } from '../../../digests.js';
import { invalidGrant, invalidScope, invalidTarget } from '../../../errors/oauth-error.js';
import { openResources, targetOf } from '../../../resource.js';
import { fail, ok } from '../../../result.js';
import { within } from '../../../scope.js';
import { accountSubject } from '../../authorization.js';
import type { Grant } from '../../grant.js';
import { parseRefreshToken } from '../../refresh-token.js';
import type { RefreshMac } from '../../refresh-token.js';
import type { RefreshFamilyStore } from './refresh-family-store.js';

/** RFC 6749 section 6, with rotation as RFC 9700 section 4.14.2 asks. */
export const refreshTokenGrant = (deps: {
  readonly families: RefreshFamilyStore;
  readonly mac: RefreshMac;
  readonly digests: Digests;
}): Grant => ({
  grantType: 'refresh_token',
  parameters: ['refresh_token'],

  async handle({ client, resourceServers, issuer, parameters, requestedScopes, requestedResources, jkt, tokenId }) {
    const refuse = (detail: string) => fail(invalidGrant('The refresh token is not valid', { detail }));
    const text = parameters.get('refresh_token') ?? '';
    const presented = parseRefreshToken(text, client.tenantId, deps.mac, deps.digests);
    if (presented === undefined) return refuse('refresh_token_malformed');

    const result = await deps.families.rotate({
      client,
      presented,
      scopes: requestedScopes,
      resources: requestedResources,
      openResources: openResources({ client, resourceServers }),
      jkt,
      tokenId,
    });
    switch (result.outcome) {
      case 'rotated':
      case 'repeated': {
        const { facts } = result;
        const scopes = within(client.scopes, requestedScopes ?? facts.scopes);
        const resources = requestedResources.length > 0 ? requestedResources : facts.resources;
        return ok({
          client,
          subject: accountSubject(facts),
          tokenId,
          ...targetOf({ issuer, scopes, resources, resourceServers }),
          expiresAt: facts.expiresAt,
          refreshToken: result.refreshToken,
          statusIndex: result.statusIndex,
        });
      }
      case 'scope':
        return fail(invalidScope('The scope exceeds what was granted, or what the client may ask for'));
      case 'resource':
        return fail(invalidTarget('The resource exceeds what was granted, or is not open to the client'));
      case 'reused':
      case 'key':
      case 'expired':
      case 'ended':
      case 'unknown':
      case 'unregistered':
      case 'dead':
        return refuse(`refresh_token_${result.outcome}`);
    }
  },
});
