import { DEVICE_CODE_GRANT_TYPE } from '../../../client.js';
import { parseDeviceCode } from '../../../device-authorization/device-code.js';
import type { Digests } from '../../../digests.js';
import {
  accessDenied,
  authorizationPending,
  expiredToken,
  invalidGrant,
  invalidTarget,
  slowDown,
} from '../../../errors/oauth-error.js';
import { openResources, targetOf } from '../../../resource.js';
import { fail, ok } from '../../../result.js';
import { within } from '../../../scope.js';
import { accountSubject } from '../../authorization.js';
import type { Grant } from '../../grant.js';
import type { DeviceCodeStore } from './device-code-store.js';

/** RFC 8628 sections 3.4 and 3.5. */
export const deviceCodeGrant = (deps: { readonly devices: DeviceCodeStore; readonly digests: Digests }): Grant => ({
  grantType: DEVICE_CODE_GRANT_TYPE,
  parameters: ['device_code'],

  async handle({ client, resourceServers, issuer, parameters, requestedResources, jkt, tokenId }) {
    const refuse = (detail: string) => fail(invalidGrant('The device code is not valid', { detail }));
    const code = parseDeviceCode(parameters.get('device_code') ?? '');
    if (code === undefined) return refuse('device_code_malformed');

    const result = await deps.devices.poll({
      client,
      deviceCodeId: code.id,
      secretHash: deps.digests.sha256(code.secret),
      resources: requestedResources,
      openResources: openResources({ client, resourceServers }),
      jkt,
      tokenId,
      refreshable: client.grantTypes.includes('refresh_token'),
    });
    switch (result.outcome) {
      case 'redeemed': {
        const { facts } = result;
        const { expiresAt } = facts;
        const scopes = within(client.scopes, facts.scopes);
        const resources = requestedResources.length > 0 ? requestedResources : facts.resources;
        const target = targetOf({ issuer, scopes, resources, resourceServers });
        const { refreshToken, statusIndex } = result;
        return ok({ client, subject: accountSubject(facts), tokenId, ...target, expiresAt, refreshToken, statusIndex });
      }
      case 'pending':
        return fail(authorizationPending('The person has not decided yet'));
      case 'slow_down':
        return fail(slowDown('Poll five seconds less often'));
      case 'denied':
        return fail(accessDenied('The person did not agree', { detail: 'device_denied' }));
      case 'expired':
        return fail(expiredToken('The device code has expired'));
      case 'resource':
        return fail(invalidTarget('The resource was not part of the authorization, or is not open to the client'));
      case 'unknown':
      case 'replayed':
      case 'spent':
      case 'unregistered':
      case 'dead':
        return refuse(`device_code_${result.outcome}`);
    }
  },
});
