import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sidOf, type Tenant } from '@signet/contracts';
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
  secret,
  tokensOf,
  type Population,
  type Tokens,
} from './support/population.js';
import { runTokenReplicas, type TokenReplicas } from './support/token-replicas.js';

/** It has no scopes, and so is open to every client. */
const other = 'urn:other';

let mesh: TokenReplicas;
let acme: Population;
let globex: Population;
beforeAll(async () => {
  mesh = await runTokenReplicas();
  acme = await populate(mesh);
  mesh.directory.catalogues[0]?.resourceServers.push({
    ...{ identifier: other, name: 'Other', accessTokenSigningAlg: 'ES256', statusList: false },
  });
  globex = await populate(mesh, 'globex');
});
afterAll(() => mesh.stop());

const token = (
  fields: Parameters<typeof post>[2],
  headers: Record<string, string> = { authorization: acme.authorization },
  tenant: Tenant = acme.tenant,
) => post(mesh.replicas[0], path(tenant, '/token'), fields, headers);

const reasons = async (type: string) => (await mesh.recorded(type)).map(({ reason }) => reason);

describe('authorization_code', () => {
  it.each([
    ['the default tenant', () => acme],
    ['a tenant by path', () => globex],
  ])('gives an access token, an ID token and a refresh token at %s', async (_case, population) => {
    const { tenant, alice, authorization } = population();
    const { code, request } = await codeOf(mesh, population(), { scopes: ['openid', 'profile', 'offline_access'] });
    const answer = await token(redemption(code), { authorization }, tenant);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    const tokens = answer.body as unknown as Tokens;
    expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 300, scope: 'openid profile offline_access' });

    const keys = createLocalJWKSet(
      (await get(mesh.replicas[1], path(tenant, '/jwks'))).body as unknown as JSONWebKeySet,
    );
    const { issuer } = tenant;
    const access = await jwtVerify(tokens.access_token, keys, { issuer, audience: issuer, typ: 'at+jwt' });
    expect(access.protectedHeader.alg).toBe('ES256');
    expect(access.payload).toMatchObject({ sub: alice.sub, client_id: 'shop', scope: tokens.scope });
    expect(JSON.stringify(access.payload)).not.toContain(alice.accountId);

    const id = await jwtVerify(tokens.id_token ?? '', keys, { issuer, audience: 'shop', typ: 'JWT' });
    expect(id.protectedHeader.alg).toBe('RS256');
    expect(id.payload).toMatchObject({
      sub: alice.sub,
      nonce: 'n-0S6',
      acr: 'urn:signet:acr:password',
      amr: ['pwd'],
      sid: sidOf(request.authentication.sessionId, 'shop'),
      auth_time: Math.floor(request.authentication.authTime / 1_000_000),
    });
    expect(id.payload['at_hash']).toEqual(expect.any(String));
  });

  it('names the resource servers of the scopes as audience, and the one asked for alone', async () => {
    const both = await tokensOf(mesh, acme, { scopes: ['openid', 'demo:read'] });
    expect(claimsOf(both.access_token)['aud']).toEqual([api, acme.tenant.issuer]);
    const one = await tokensOf(mesh, acme, { scopes: ['openid', 'demo:read'], resources: [api] });
    expect(claimsOf(one.access_token)['aud']).toBe(api);
    const neither = await tokensOf(mesh, acme, { scopes: [], consent: 'approved' });
    expect(claimsOf(neither.access_token)['aud']).toBe(acme.tenant.issuer);
    expect(neither.id_token).toBeUndefined();
  });

  it('signs as the client is registered, with a key made for it', async () => {
    mesh.directory.clients.push({
      ...acme.shop,
      clientId: 'ed',
      idTokenSignedResponseAlg: 'EdDSA',
      accessTokenAlg: 'PS256',
    });
    const { code } = await codeOf(mesh, acme, { clientId: 'ed' });
    const answer = await token(redemption(code), { authorization: basic('ed', secret) });
    const tokens = answer.body as unknown as Tokens;
    expect(headerOf(tokens.id_token ?? '')['alg']).toBe('EdDSA');
    expect(headerOf(tokens.access_token)['alg']).toBe('PS256');
    const keys = createLocalJWKSet((await get(mesh.replicas[0], '/jwks')).body as unknown as JSONWebKeySet);
    await jwtVerify(tokens.id_token ?? '', keys);
    await jwtVerify(tokens.access_token, keys);
    // The other replica has not read the new keys yet: it looks for a kid that it does not know.
    const userinfo = await get(mesh.replicas[1], '/userinfo', { authorization: `Bearer ${tokens.access_token}` });
    expect(userinfo.status).toBe(200);
  });

  it('ends an online access token and its ID token with the session', async () => {
    const now = mesh.replicas[0].service.parts.database.now();
    const { code, request } = await codeOf(mesh, acme);
    expect(request.authentication.sessionExpiresAt).toBeGreaterThan(now);
    const short = await codeOf(mesh, acme, {
      authentication: { ...request.authentication, sessionExpiresAt: (now + 100_000_000) as never },
    });
    const answer = await token(redemption(short.code));
    expect(answer.body['expires_in']).toBeLessThanOrEqual(100);
    for (const name of ['access_token', 'id_token']) {
      expect(Number(claimsOf(String(answer.body[name]))['exp'])).toBeLessThanOrEqual((now + 100_000_000) / 1e6);
    }
    expect(code).not.toBe(short.code);
  });

  it('gives no refresh token to a client that is not registered for it', async () => {
    mesh.directory.clients.push({ ...acme.shop, clientId: 'short', grantTypes: ['authorization_code'] });
    const { code } = await codeOf(mesh, acme, { clientId: 'short', scopes: ['openid', 'offline_access'] });
    const answer = await token(redemption(code), { authorization: basic('short', secret) });
    expect(answer.status).toBe(200);
    expect(answer.body).not.toHaveProperty('refresh_token');
  });

  it('records the redemption with the ids of what it gave', async () => {
    const { code, request } = await codeOf(mesh, acme);
    const answer = await token(redemption(code));
    const events = (await mesh.recorded('signet.token.code.redeemed.v1')).filter(
      ({ aggregate }) => aggregate === `code:${request.code.id}`,
    );
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      aggregateversion: 2,
      actor: 'client:shop',
      client: 'shop',
      subject: `account:${acme.alice.accountId}`,
      session: request.authentication.sessionId,
      data: { jti: claimsOf(String(answer.body['access_token']))['jti'] },
    });
  });
});

describe('a refused code is not spent', () => {
  it.each<[string, Record<string, string>, string]>([
    ['another redirect_uri', { redirect_uri: 'https://shop.example/other' }, 'code_mismatch_redirect_uri'],
    ['another verifier', { code_verifier: 'w'.repeat(43) }, 'code_mismatch_code_verifier'],
    ['no verifier', { code_verifier: '' }, 'code_mismatch_code_verifier'],
  ])('%s', async (_case, changes, reason) => {
    const { code } = await codeOf(mesh, acme);
    const refused = await token(redemption(code, changes));
    expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(refused.headers.get('cache-control')).toBe('no-store');
    expect((await token(redemption(code))).status).toBe(200);
    expect(await reasons('signet.token.code.refused.v1')).toContain(reason);
  });

  it('by another secret behind its id', async () => {
    const { code } = await codeOf(mesh, acme);
    const guessed = `${code.slice(0, 23)}${'A'.repeat(43)}`;
    expect(await token(redemption(guessed))).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect((await token(redemption(code))).status).toBe(200);
    expect(await token(redemption(guessed))).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(await reasons('signet.token.code.refused.v1')).toContain('code_unknown');
  });

  it('by a resource that was not asked for before', async () => {
    const { code } = await codeOf(mesh, acme, { resources: [other] });
    const refused = await token(redemption(code, { resource: api }));
    expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_target' } });
    expect((await token(redemption(code))).status).toBe(200);
    expect(await reasons('signet.token.client.refused.v1')).toContain('invalid_target');
  });

  it('by a verifier for a code that has no challenge', async () => {
    const { code } = await codeOf(mesh, acme, { codeChallenge: undefined });
    expect(await token(redemption(code))).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    // An empty parameter counts as omitted.
    expect((await token(redemption(code, { code_verifier: '' }))).status).toBe(200);
  });

  it('by another client', async () => {
    mesh.directory.clients.push({ ...acme.shop, clientId: 'thief' });
    const { code } = await codeOf(mesh, acme);
    const theirs = await token(redemption(code), { authorization: basic('thief', secret) });
    expect(theirs).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect((await token(redemption(code))).status).toBe(200);
  });

  it('by the client of the same name in another tenant', async () => {
    const { code } = await codeOf(mesh, acme);
    const theirs = await token(redemption(code), { authorization: globex.authorization }, globex.tenant);
    expect(theirs).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect((await token(redemption(code))).status).toBe(200);
  });
});

describe('a malformed request', () => {
  const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString();
  it.each<[string, (code: string) => string, number, string]>([
    ['without grant_type', (code) => form({ ...redemption(code), grant_type: '' }), 400, 'invalid_request'],
    [
      'with an unknown grant_type',
      (code) => form({ ...redemption(code), grant_type: 'password' }),
      400,
      'unsupported_grant_type',
    ],
    ['without a code', () => form(redemption('')), 400, 'invalid_request'],
    ['without a redirect_uri', (code) => form({ ...redemption(code), redirect_uri: '' }), 400, 'invalid_request'],
    ['with a doubled code', (code) => `${form(redemption(code))}&code=${code}`, 400, 'invalid_request'],
    ['with an oversized code', () => form(redemption('c'.repeat(5_000))), 400, 'invalid_request'],
    ['with a code of another form', () => form(redemption('nonsense')), 400, 'invalid_grant'],
    ['with a NUL', () => `${form(redemption('x'))}%00`, 400, 'invalid_request'],
    ['with a lone surrogate', () => 'grant_type=%ED%A0%80', 400, 'invalid_request'],
    ['with a short verifier', (code) => form(redemption(code, { code_verifier: 'short' })), 400, 'invalid_request'],
    ['with a scope that is none', (code) => form(redemption(code, { scope: 'a"b' })), 400, 'invalid_scope'],
    [
      'with an unknown resource',
      (code) => form(redemption(code, { resource: 'https://nobody.example' })),
      400,
      'invalid_target',
    ],
    ['that is empty', () => '', 400, 'invalid_request'],
  ])('%s is told so, and spends nothing', async (_case, bodyOf, status, error) => {
    const { code } = await codeOf(mesh, acme);
    expect(await token(bodyOf(code))).toMatchObject({ status, body: { error } });
    expect((await token(redemption(code))).status).toBe(200);
  });

  it('of 64 KiB and more is refused whole', async () => {
    expect((await token(`grant_type=${'x'.repeat(70_000)}`)).status).toBe(413);
  });

  it('of another content type is refused', async () => {
    const headers = { authorization: acme.authorization, 'content-type': 'text/plain' };
    expect((await token('grant_type=client_credentials', headers)).status).toBe(415);
    const json = { authorization: acme.authorization, 'content-type': 'application/json' };
    expect((await token('{"grant_type":"client_credentials"}', json)).status).toBe(415);
  });
});

describe('a client that cannot show who it is', () => {
  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['with a wrong secret', {}, { authorization: basic('shop', 'wrong') }],
    ['that nobody registered', {}, { authorization: basic('nobody', secret) }],
    ['by a method that is not its own', { client_id: 'shop', client_secret: secret }, {}],
    ['as a public one, being confidential', { client_id: 'shop' }, {}],
    ['that does not say', {}, {}],
    ['with a scheme of another kind', {}, { authorization: 'Bearer abc' }],
    ['with base64 that is none', {}, { authorization: 'Basic %%%' }],
    ['with an assertion', { client_id: 'shop', client_assertion: 'x' }, {}],
  ])('%s gets 401', async (_case, fields, headers) => {
    const { code } = await codeOf(mesh, acme);
    const answer = await token({ ...redemption(code), ...fields }, headers);
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect(answer.headers.get('www-authenticate')).toMatch(/^Basic/);
    expect((await token(redemption(code))).status).toBe(200);
  });

  it('is recorded, and no secret with it', async () => {
    await token({ grant_type: 'client_credentials' }, { authorization: basic('shop', 'a-wrong-secret-of-theirs') });
    const rows = await mesh.database.query<{ leaf: Buffer }>('select leaf from token.outbox');
    expect(await reasons('signet.token.client.refused.v1')).toContain('secret_wrong');
    expect(rows.some(({ leaf }) => leaf.includes('a-wrong-secret-of-theirs') || leaf.includes(secret))).toBe(false);
  });

  it('and is disabled is refused like that', async () => {
    mesh.directory.clients.push({ ...acme.robot, clientId: 'off', enabled: false });
    const answer = await token({ grant_type: 'client_credentials' }, { authorization: basic('off', secret) });
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  });

  it('and may not use the grant is told so', async () => {
    const answer = await token({ grant_type: 'client_credentials' });
    expect(answer).toMatchObject({ status: 400, body: { error: 'unauthorized_client' } });
  });
});

describe('client_credentials', () => {
  const robot = { authorization: basic('robot', secret) };
  it('gives an access token alone', async () => {
    const answer = await token({ grant_type: 'client_credentials', scope: 'demo:read' }, robot);
    expect(answer.status).toBe(200);
    expect(answer.body).not.toHaveProperty('refresh_token');
    expect(answer.body).not.toHaveProperty('id_token');
    const claims = claimsOf(String(answer.body['access_token']));
    expect(claims).toMatchObject({ sub: 'robot', client_id: 'robot', aud: api, scope: 'demo:read' });
    const events = await mesh.recorded('signet.token.token.issued.v1');
    expect(events.at(-1)).toMatchObject({ client: 'robot', data: { jti: claims['jti'], scopes: ['demo:read'] } });
  });

  it('refuses scopes that the client does not have, and those of a person', async () => {
    for (const scope of ['openid', 'admin']) {
      const answer = await token({ grant_type: 'client_credentials', scope }, robot);
      expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_scope' } });
    }
  });
});

it('an unknown tenant has no endpoint', async () => {
  expect((await post(mesh.replicas[0], '/token/t/nobody', { grant_type: 'client_credentials' })).status).toBe(404);
});

it('a script of any origin may ask', async () => {
  const response = await fetch(`${mesh.replicas[0].origin}/token`, {
    method: 'OPTIONS',
    headers: { origin: 'https://spa.example', 'access-control-request-method': 'POST' },
  });
  expect(response.status).toBe(204);
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  expect(response.headers.get('access-control-allow-credentials')).toBeNull();
});
