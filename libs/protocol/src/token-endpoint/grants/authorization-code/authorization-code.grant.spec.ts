import { describe, expect, it } from '@jest/globals';
import { API, ISSUER, TENANT, aClient, aPublicClient, anApi, digests, someFacts } from '../../../../test/fixtures.js';
import type { Client } from '../../../client.js';
import { requestParameters } from '../../../parameters.js';
import { formatAuthorizationCode } from '../../authorization-code.js';
import { authorizationCodeGrant } from './authorization-code.grant.js';
import type { CodeRedemption, CodeRedemptionResult } from './authorization-code-store.js';

const codeId = '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b';
const secret = Buffer.alloc(32, 7).toString('base64url');
const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';

const presented = {
  code: formatAuthorizationCode({ id: codeId, secret }),
  redirect_uri: 'https://shop.example/callback',
  code_verifier: verifier,
};

const redeem = async (
  result: CodeRedemptionResult,
  options: { parameters?: Record<string, string>; client?: Client; requestedResources?: readonly string[] } = {},
) => {
  const asked: CodeRedemption[] = [];
  const grant = authorizationCodeGrant({
    digests,
    codes: {
      redeem: (redemption) => {
        asked.push(redemption);
        return Promise.resolve(result);
      },
    },
  });
  const answer = await grant.handle({
    client: options.client ?? aClient(),
    resourceServers: [anApi],
    issuer: ISSUER,
    parameters: requestParameters(options.parameters ?? presented),
    requestedScopes: undefined,
    requestedResources: options.requestedResources ?? [],
    jkt: 'thumbprint',
    tokenId: 'jti-1',
  });
  return { answer, asked };
};

const redeemed: CodeRedemptionResult = {
  outcome: 'redeemed',
  facts: someFacts(),
  refreshToken: { epoch: 0, family: codeId, generation: 0 },
};

describe('authorization_code', () => {
  it('asks the store with every binding, and none of the secrets in the clear', async () => {
    const { asked } = await redeem(redeemed);
    expect(asked).toEqual([
      {
        client: aClient(),
        codeId,
        secretHash: digests.sha256(secret),
        redirectUri: 'https://shop.example/callback',
        codeChallenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
        resources: [],
        openResources: [API],
        jkt: 'thumbprint',
        tokenId: 'jti-1',
        refreshable: true,
      },
    ]);
    expect(JSON.stringify(asked)).not.toContain(verifier);
  });

  it('says when there was no verifier, and no refresh token to be had', async () => {
    const { code, redirect_uri } = presented;
    const client = aPublicClient({ grantTypes: ['authorization_code'] });
    const { asked } = await redeem(redeemed, { parameters: { code, redirect_uri }, client });
    expect(asked[0]).toMatchObject({ codeChallenge: undefined, refreshable: false });
  });

  it('allows what the code carried', async () => {
    const { answer } = await redeem(redeemed);
    expect(answer).toMatchObject({
      ok: true,
      value: {
        client: { clientId: 'shop', tenantId: TENANT },
        subject: { kind: 'account', sub: 'sub-alice', sid: 'sid-1', amr: ['pwd'], since: someFacts().since },
        tokenId: 'jti-1',
        scopes: ['openid', 'demo:read'],
        audience: [API, ISSUER],
        nonce: 'n-1',
        expiresAt: someFacts().expiresAt,
        refreshToken: { generation: 0 },
      },
    });
  });

  it.each<[string, string[], string[], string[]]>([
    ['what the code names', [API], [], [API]],
    ['what this request narrows it to', [API, 'urn:x'], [API], [API]],
  ])('has as audience %s', async (_what, resources, requestedResources, audience) => {
    const facts = someFacts({ resources });
    const { answer, asked } = await redeem({ outcome: 'redeemed', facts }, { requestedResources });
    expect(answer).toMatchObject({ ok: true, value: { audience } });
    expect(asked[0]?.resources).toEqual(requestedResources);
  });

  it.each<[CodeRedemptionResult, string]>([
    [{ outcome: 'replayed' }, 'code_replayed'],
    [{ outcome: 'expired' }, 'code_expired'],
    [{ outcome: 'unknown' }, 'code_unknown'],
    [{ outcome: 'dead' }, 'code_dead'],
    [{ outcome: 'unregistered' }, 'code_unregistered'],
    [{ outcome: 'mismatch', binding: 'client' }, 'code_mismatch_client'],
    [{ outcome: 'mismatch', binding: 'redirect_uri' }, 'code_mismatch_redirect_uri'],
    [{ outcome: 'mismatch', binding: 'dpop_jkt' }, 'code_mismatch_dpop_jkt'],
    [{ outcome: 'mismatch', binding: 'code_verifier' }, 'code_mismatch_code_verifier'],
  ])('answers %j by one invalid_grant', async (result, detail) => {
    const { answer } = await redeem(result);
    expect(answer).toEqual({
      ok: false,
      error: { error: 'invalid_grant', errorDescription: 'The code is not valid', status: 400, detail },
    });
  });

  it('answers a resource beyond the authorization by invalid_target', async () => {
    const { answer } = await redeem({ outcome: 'resource' }, { requestedResources: [API] });
    expect(answer).toMatchObject({ ok: false, error: { error: 'invalid_target' } });
  });

  it.each<[string, Record<string, string>, string]>([
    ['a malformed code', { ...presented, code: 'abc' }, 'invalid_grant'],
    ['a code of SQL', { ...presented, code: "' or 1=1 --" }, 'invalid_grant'],
    ['a short verifier', { ...presented, code_verifier: 'x'.repeat(42) }, 'invalid_request'],
    ['a verifier with other characters', { ...presented, code_verifier: `${'x'.repeat(43)}/` }, 'invalid_request'],
  ])('does not trouble the store with %s', async (_what, parameters, error) => {
    const { answer, asked } = await redeem(redeemed, { parameters });
    expect(answer).toMatchObject({ ok: false, error: { error } });
    expect(asked).toEqual([]);
  });
});
