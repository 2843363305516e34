import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sidOf } from '@signet/contracts';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import {
  api,
  basic,
  claimsOf,
  codeOf,
  get,
  headerOf,
  path,
  populate,
  post,
  redemption,
  refresh,
  secret,
  tokensOf,
  type Population,
  type Tokens,
} from './support/population.js';
import { runTokenReplicas, type TokenReplicas } from './support/token-replicas.js';

let mesh: TokenReplicas;
let acme: Population;
let globex: Population;
beforeAll(async () => {
  mesh = await runTokenReplicas();
  acme = await populate(mesh);
  globex = await populate(mesh, 'globex');
});
afterAll(() => mesh.stop());

const token = (fields: Parameters<typeof post>[2], headers: Record<string, string> = { authorization: acme.authorization }) =>
  post(mesh.replicas[0], '/token', fields, headers);

describe('authorization_code', () => {
  it('gives an access token, an ID token and a refresh token', async () => {
    const { code, request } = await codeOf(mesh, acme, { scopes: ['openid', 'profile', 'offline_access'] });
    const answer = await token(redemption(code));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    const tokens = answer.body as unknown as Tokens;
    expect(answer.body).toMatchObject({ token_type: 'Bearer', expires_in: 300, scope: 'openid profile offline_access' });

    const keys = createLocalJWKSet((await get(mesh.replicas[1], '/jwks')).body as unknown as JSONWebKeySet);
    const { issuer } = acme.tenant;
    const access = await jwtVerify(tokens.access_token, keys, { issuer, audience: issuer, typ: 'at+jwt' });
    expect(access.protectedHeader.alg).toBe('ES256');
    expect(access.payload).toMatchObject({ sub: acme.alice.sub, client_id: 'shop', scope: tokens.scope });
    expect(JSON.stringify(access.payload)).not.toContain(acme.alice.accountId);

    const id = await jwtVerify(tokens.id_token ?? '', keys, { issuer, audience: 'shop', typ: 'JWT' });
    expect(id.protectedHeader.alg).toBe('RS256');
    expect(id.payload).toMatchObject({
      sub: acme.alice.sub,
      nonce: 'n-0S6',
      acr: 'urn:signet:acr:password',
      amr: ['pwd'],
      sid: sidOf(request.authentication.sessionId, 'shop'),
      auth_time: Math.floor(request.authentication.authTime / 1_000_000),
    });
    expect(id.payload['at_hash']).toEqual(expect.any(String));
  });
});
