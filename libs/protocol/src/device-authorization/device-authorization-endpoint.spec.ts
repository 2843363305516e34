import { describe, expect, it } from '@jest/globals';
import { aClient, anApi, API, digests, ISSUER } from '../../test/fixtures.js';
import { DEVICE_CODE_GRANT_TYPE } from '../client.js';
import { requestParameters } from '../parameters.js';
import type { DeviceAuthorization } from './device-authorization-store.js';
import { handleDeviceAuthorization } from './device-authorization-endpoint.js';
import { parseDeviceCode } from './device-code.js';
import { parseUserCode, userCodeHash } from './user-code.js';

const id = '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b';
const tv = aClient({ clientId: 'tv', grantTypes: [DEVICE_CODE_GRANT_TYPE, 'refresh_token'] });

const ask = async (parameters: Record<string, string>, client = tv, taken = 0) => {
  const begun: DeviceAuthorization[] = [];
  let made = 0;
  const answer = await handleDeviceAuthorization(
    requestParameters(parameters),
    { client, resourceServers: [anApi] },
    {
      devices: {
        begin: (authorization) => {
          begun.push(authorization);
          return Promise.resolve({ outcome: begun.length > taken ? 'begun' : 'taken' });
        },
      },
      digests,
      random: { bytes: (length) => new Uint8Array(length).fill(made++) },
      verificationUri: `${ISSUER}/device`,
      newDeviceCodeId: () => id,
    },
  );
  return { answer, begun };
};

describe('handleDeviceAuthorization', () => {
  it('answers with both codes, and keeps their hashes alone', async () => {
    const { answer, begun } = await ask({ scope: 'openid offline_access unknown', resource: API });
    if (!answer.ok) throw new Error(answer.error.error);
    const { device_code, user_code, ...rest } = answer.value;
    expect(rest).toEqual({
      verification_uri: `${ISSUER}/device`,
      verification_uri_complete: `${ISSUER}/device?user_code=${user_code}`,
      expires_in: 600,
      interval: 5,
    });
    const code = parseUserCode(user_code) ?? '';
    const secret = parseDeviceCode(device_code)?.secret ?? '';
    expect(begun).toEqual([
      {
        client: tv,
        deviceCodeId: id,
        secretHash: digests.sha256(secret),
        userCodeHash: userCodeHash(code, tv.tenantId, digests),
        scopes: ['openid', 'offline_access'],
        resources: [API],
        expiresIn: 600,
        interval: 5,
      },
    ]);
    expect(JSON.stringify(begun)).not.toContain(code);
    expect(JSON.stringify(begun)).not.toContain(secret);
  });

  it('makes another user code where somebody is shown the first', async () => {
    const { answer, begun } = await ask({ scope: 'openid' }, tv, 1);
    expect(answer.ok).toBe(true);
    expect(new Set(begun.map((each) => each.userCodeHash)).size).toBe(2);
    expect((await ask({ scope: 'openid' }, tv, 9)).answer).toMatchObject({ ok: false, error: { status: 503 } });
  });

  it.each<[string, Record<string, string>, string, typeof tv]>([
    ['a client without the grant', { scope: 'openid' }, 'unauthorized_client', aClient()],
    ['no scope', {}, 'invalid_scope', tv],
    ['scopes of others', { scope: 'admin' }, 'invalid_scope', tv],
    ['a malformed scope', { scope: 'a"b' }, 'invalid_scope', tv],
    [
      'a resource where it has no scope',
      { scope: 'openid', resource: API },
      'invalid_target',
      { ...tv, scopes: ['openid'] },
    ],
    ['an unknown resource', { scope: 'openid', resource: 'https://x.example' }, 'invalid_target', tv],
  ])('keeps nothing of %s', async (_what, parameters, error, client) => {
    const { answer, begun } = await ask(parameters, client);
    expect(answer).toMatchObject({ ok: false, error: { error } });
    expect(begun).toEqual([]);
  });
});

describe('parseDeviceCode', () => {
  it('takes no authorization code', () => {
    expect(parseDeviceCode(`AZChssPUfl-KmwwdLj9KWw.${'A'.repeat(43)}`)).toBeUndefined();
  });
});
