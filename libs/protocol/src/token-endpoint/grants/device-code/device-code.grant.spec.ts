import { describe, expect, it } from '@jest/globals';
import { aClient, anApi, API, digests, ISSUER, someFacts } from '../../../../test/fixtures.js';
import { DEVICE_CODE_GRANT_TYPE } from '../../../client.js';
import { formatDeviceCode } from '../../../device-authorization/device-code.js';
import { requestParameters } from '../../../parameters.js';
import type { DevicePoll, DevicePollResult } from './device-code-store.js';
import { deviceCodeGrant } from './device-code.grant.js';

const code = { id: '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b', secret: `${'s'.repeat(42)}A` };
const tv = aClient({ clientId: 'tv', grantTypes: [DEVICE_CODE_GRANT_TYPE, 'refresh_token'] });

const poll = async (result: DevicePollResult, device_code = formatDeviceCode(code)) => {
  const asked: DevicePoll[] = [];
  const grant = deviceCodeGrant({
    digests,
    devices: {
      poll: (each) => {
        asked.push(each);
        return Promise.resolve(result);
      },
    },
  });
  const answer = await grant.handle({
    client: tv,
    resourceServers: [anApi],
    issuer: ISSUER,
    parameters: requestParameters({ device_code }),
    requestedScopes: undefined,
    requestedResources: [],
    jkt: 'thumbprint',
    tokenId: 'jti-1',
  });
  return { answer, asked };
};

describe('device_code', () => {
  it('asks the store with every binding, and not with the secret', async () => {
    const { asked } = await poll({ outcome: 'pending' });
    expect(asked).toEqual([
      {
        client: tv,
        deviceCodeId: code.id,
        secretHash: digests.sha256(code.secret),
        resources: [],
        openResources: [API],
        jkt: 'thumbprint',
        tokenId: 'jti-1',
        refreshable: true,
      },
    ]);
  });

  it('allows what the person approved', async () => {
    const refreshToken = { epoch: 0, family: code.id, generation: 0 };
    const { answer } = await poll({ outcome: 'redeemed', facts: someFacts(), refreshToken });
    expect(answer).toMatchObject({
      ok: true,
      value: { subject: { sub: 'sub-alice' }, scopes: ['openid', 'demo:read'], audience: [API, ISSUER], refreshToken },
    });
  });

  // RFC 8628 section 3.5
  it.each([
    ['pending', 'authorization_pending'],
    ['slow_down', 'slow_down'],
    ['denied', 'access_denied'],
    ['expired', 'expired_token'],
    ['resource', 'invalid_target'],
    ['unknown', 'invalid_grant'],
    ['spent', 'invalid_grant'],
    ['replayed', 'invalid_grant'],
    ['dead', 'invalid_grant'],
    ['unregistered', 'invalid_grant'],
  ] as const)('answers %s by %s', async (outcome, error) => {
    expect((await poll({ outcome })).answer).toMatchObject({ ok: false, error: { error, status: 400 } });
  });

  it.each(['abc', `AZChssPUfl-KmwwdLj9KWw.${'s'.repeat(42)}A`])('does not trouble the store with %j', async (text) => {
    const { answer, asked } = await poll({ outcome: 'pending' }, text);
    expect(answer).toMatchObject({ ok: false, error: { error: 'invalid_grant' } });
    expect(asked).toEqual([]);
  });
});
