import { describe, expect, it } from '@jest/globals';
import { API, ISSUER, TENANT, aClient, anApi, digests, refreshMac, someFacts } from '../../../../test/fixtures.js';
import { requestParameters } from '../../../parameters.js';
import { formatRefreshToken } from '../../refresh-token.js';
import type { FamilyRotation, FamilyRotationResult } from './refresh-family-store.js';
import { refreshTokenGrant } from './refresh-token.grant.js';

const family = '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b';
const held = { epoch: 0, family, generation: 4 };
const successor = { epoch: 0, family, generation: 5 };
const text = formatRefreshToken(held, TENANT, refreshMac);

const rotate = async (
  result: FamilyRotationResult,
  options: { token?: string; scopes?: readonly string[]; resources?: readonly string[]; tenantId?: string } = {},
) => {
  const asked: FamilyRotation[] = [];
  const grant = refreshTokenGrant({
    digests,
    mac: refreshMac,
    families: {
      rotate: (rotation) => {
        asked.push(rotation);
        return Promise.resolve(result);
      },
    },
  });
  const answer = await grant.handle({
    client: aClient({ tenantId: options.tenantId ?? TENANT }),
    resourceServers: [anApi],
    issuer: ISSUER,
    parameters: requestParameters({ refresh_token: options.token ?? text }),
    requestedScopes: options.scopes,
    requestedResources: options.resources ?? [],
    jkt: 'thumbprint',
    tokenId: 'jti-1',
  });
  return { answer, asked };
};

const rotated: FamilyRotationResult = { outcome: 'rotated', facts: someFacts(), refreshToken: successor };

describe('refresh_token', () => {
  it('asks the store with every binding', async () => {
    const { asked } = await rotate(rotated);
    expect(asked).toEqual([
      {
        ...{ client: aClient(), presented: held, scopes: undefined, resources: [], openResources: [API] },
        ...{ jkt: 'thumbprint', tokenId: 'jti-1' },
      },
    ]);
  });

  it.each(['rotated', 'repeated'] as const)('allows what the family carries, when %s', async (outcome) => {
    const { answer } = await rotate({ outcome, facts: someFacts(), refreshToken: successor });
    expect(answer).toMatchObject({
      ok: true,
      value: {
        subject: { kind: 'account', sub: 'sub-alice' },
        scopes: ['openid', 'demo:read'],
        audience: [API, ISSUER],
        refreshToken: successor,
      },
    });
    // OpenID Connect Core 1.0 section 12.2: SHOULD NOT have a nonce.
    expect(JSON.stringify(answer)).not.toContain('n-1');
  });

  it('narrows scope and resource for this answer', async () => {
    const { answer, asked } = await rotate(rotated, { scopes: ['demo:read'], resources: [API] });
    expect(asked[0]).toMatchObject({ scopes: ['demo:read'], resources: [API] });
    expect(answer).toMatchObject({ ok: true, value: { scopes: ['demo:read'], audience: [API] } });
  });

  it.each(['reused', 'key', 'expired', 'ended', 'unknown', 'dead', 'unregistered'] as const)(
    'answers %s by one invalid_grant',
    async (outcome) => {
      const { answer } = await rotate({ outcome });
      expect(answer).toEqual({
        ok: false,
        error: {
          error: 'invalid_grant',
          errorDescription: 'The refresh token is not valid',
          status: 400,
          detail: `refresh_token_${outcome}`,
        },
      });
    },
  );

  it.each([
    ['scope', 'invalid_scope'],
    ['resource', 'invalid_target'],
  ] as const)('answers more %s than was granted by %s', async (outcome, error) => {
    const { answer } = await rotate({ outcome }, { scopes: ['admin'] });
    expect(answer).toMatchObject({ ok: false, error: { error } });
  });

  it.each<[string, { token?: string; tenantId?: string }]>([
    ['another generation under the same MAC', { token: text.replace('.4.', '.3.') }],
    ['a foreign text', { token: 'abc' }],
    ['a token of another tenant', { tenantId: '0190a000-0000-7000-8000-000000000002' }],
  ])('does not trouble the store with %s', async (_what, options) => {
    const { answer, asked } = await rotate(rotated, options);
    expect(answer).toMatchObject({ ok: false, error: { error: 'invalid_grant', detail: 'refresh_token_malformed' } });
    expect(asked).toEqual([]);
  });
});
