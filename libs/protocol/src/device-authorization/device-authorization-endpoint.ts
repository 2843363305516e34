import { DEVICE_CODE_GRANT_TYPE } from '../client.js';
import type { RegisteredClient } from '../client.js';
import type { Digests } from '../digests.js';
import { temporarilyUnavailable, unauthorizedClient } from '../errors/oauth-error.js';
import type { RequestParameters } from '../parameters.js';
import type { Random } from '../random.js';
import { checkResources } from '../resource.js';
import { requestedScopes } from '../requested-scopes.js';
import { fail, ok } from '../result.js';
import type { Result } from '../result.js';
import type { DeviceAuthorizationStore } from './device-authorization-store.js';
import { formatDeviceCode } from './device-code.js';
import { formatUserCode, newUserCode, userCodeHash } from './user-code.js';

/** Seconds (RFC 8628 section 3.2). */
export const DEVICE_CODE_LIFETIME = 600;
export const DEVICE_POLLING_INTERVAL = 5;

/** Times that a user code is made anew because somebody is shown the same one. */
const TRIES = 3;

/** RFC 8628 section 3.2. */
export interface DeviceAuthorizationResponse {
  readonly device_code: string;
  readonly user_code: string;
  readonly verification_uri: string;
  readonly verification_uri_complete: string;
  readonly expires_in: number;
  readonly interval: number;
}

export interface DeviceAuthorizationDeps {
  readonly devices: DeviceAuthorizationStore;
  readonly digests: Digests;
  readonly random: Random;
  /** URL of the page where the person enters the user code. */
  readonly verificationUri: string;
  /** A UUIDv7. */
  newDeviceCodeId(): string;
}

/** RFC 8628 sections 3.1 and 3.2. `registered`: the client, authenticated as at the token endpoint. */
export const handleDeviceAuthorization = async (
  parameters: RequestParameters,
  registered: RegisteredClient,
  deps: DeviceAuthorizationDeps,
): Promise<Result<DeviceAuthorizationResponse>> => {
  const { client } = registered;
  if (!client.grantTypes.includes(DEVICE_CODE_GRANT_TYPE)) {
    return fail(unauthorizedClient('The client may not use the device grant'));
  }
  const resources = checkResources(parameters.all('resource'), registered);
  if (!resources.ok) return resources;
  const scopes = requestedScopes(parameters, registered, { refreshable: true });
  if (!scopes.ok) return scopes;

  const { devices, digests, random, verificationUri } = deps;
  for (let tries = 0; tries < TRIES; tries++) {
    const code = { id: deps.newDeviceCodeId(), secret: Buffer.from(random.bytes(32)).toString('base64url') };
    const userCode = newUserCode(random);
    const { outcome } = await devices.begin({
      client,
      deviceCodeId: code.id,
      secretHash: digests.sha256(code.secret),
      userCodeHash: userCodeHash(userCode, client.tenantId, digests),
      scopes: scopes.value,
      resources: resources.value,
      expiresIn: DEVICE_CODE_LIFETIME,
      interval: DEVICE_POLLING_INTERVAL,
    });
    if (outcome === 'begun') {
      const shown = formatUserCode(userCode);
      return ok({
        device_code: formatDeviceCode(code),
        user_code: shown,
        verification_uri: verificationUri,
        verification_uri_complete: `${verificationUri}?user_code=${shown}`,
        expires_in: DEVICE_CODE_LIFETIME,
        interval: DEVICE_POLLING_INTERVAL,
      });
    }
  }
  return fail(temporarilyUnavailable('No user code is free at the moment'));
};
