import type { Digests } from '../../../digests.js';
import { invalidGrant, invalidRequest, invalidTarget } from '../../../errors/oauth-error.js';
import { challengeOf, isCodeVerifier } from '../../../pkce.js';
import { openResources, targetOf } from '../../../resource.js';
import { fail, ok } from '../../../result.js';
import { within } from '../../../scope.js';
import { accountSubject } from '../../authorization.js';
import { parseAuthorizationCode } from '../../authorization-code.js';
import type { Grant } from '../../grant.js';
import type { AuthorizationCodeStore } from './authorization-code-store.js';

/** RFC 6749 section 4.1.3 with RFC 7636 section 4.5 and 4.6. */
export const authorizationCodeGrant = (deps: {
  readonly codes: AuthorizationCodeStore;
  readonly digests: Digests;
}): Grant => ({
  grantType: 'authorization_code',
  parameters: ['code', 'redirect_uri'],

  async handle({ client, resourceServers, issuer, parameters, requestedResources, jkt, tokenId }) {
    const verifier = parameters.get('code_verifier');
    // RFC 7636 section 4.1: a verifier that could never have been one is a malformed request, whatever the code.
    if (verifier !== undefined && !isCodeVerifier(verifier)) {
      return fail(invalidRequest('The code_verifier is malformed'));
    }
    const refuse = (detail: string) => fail(invalidGrant('The code is not valid', { detail }));
    const code = parseAuthorizationCode(parameters.get('code') ?? '');
    if (code === undefined) return refuse('code_malformed');

    const result = await deps.codes.redeem({
      client,
      codeId: code.id,
      secretHash: deps.digests.sha256(code.secret),
      redirectUri: parameters.get('redirect_uri') ?? '',
      codeChallenge: verifier === undefined ? undefined : challengeOf(verifier, deps.digests),
      jkt,
      resources: requestedResources,
      openResources: openResources({ client, resourceServers }),
      tokenId,
      refreshable: client.grantTypes.includes('refresh_token'),
    });
    switch (result.outcome) {
      case 'redeemed': {
        const { facts } = result;
        const { nonce, expiresAt } = facts;
        const scopes = within(client.scopes, facts.scopes);
        const resources = requestedResources.length > 0 ? requestedResources : facts.resources;
        return ok({
          client,
          subject: accountSubject(facts),
          tokenId,
          ...targetOf({ issuer, scopes, resources, resourceServers }),
          nonce,
          expiresAt,
          refreshToken: result.refreshToken,
          statusIndex: result.statusIndex,
        });
      }
      case 'resource':
        return fail(invalidTarget('The resource was not part of the authorization, or is not open to the client'));
      case 'mismatch':
        return refuse(`code_mismatch_${result.binding}`);
      case 'replayed':
      case 'expired':
      case 'unknown':
      case 'unregistered':
      case 'dead':
        return refuse(`code_${result.outcome}`);
    }
  },
});
