import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findPublicKeys, newId, planId, prepareKeys, tenantId, type Tenant } from '@signet/contracts';
import { responseTypes } from '@signet/protocol';
import {
  api,
  basic,
  codeOf,
  get,
  path,
  populate,
  post,
  redemption,
  refresh,
  secret,
  tokensOf,
  type Population,
} from './support/population.js';
import { eventually } from './support/eventually.js';
import { severable } from './support/severable.js';
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

const robot = { authorization: basic('robot', secret) };
const shop = () => ({ authorization: acme.authorization });
const introspect = (
  token: string | undefined,
  headers: Record<string, string> = shop(),
  tenant: Tenant = acme.tenant,
) => post(mesh.replicas[1], path(tenant, '/introspect'), { token: token ?? '' }, headers);
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('/userinfo', () => {
  it.each(['GET', 'POST', 'POST, in the form'])('tells what the scopes ask for, by %s', async (way) => {
    const { access_token: token } = await tokensOf(mesh, acme, { scopes: ['openid', 'email'] });
    const [replica] = mesh.replicas;
    const answer =
      way === 'GET'
        ? await get(replica, '/userinfo', bearer(token))
        : await post(
            replica,
            '/userinfo',
            way === 'POST' ? '' : { access_token: token },
            way === 'POST' ? bearer(token) : {},
          );
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body).toEqual({ sub: acme.alice.sub, email: 'alice@acme.example', email_verified: true });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('access-control-expose-headers')).toContain('WWW-Authenticate');
  });

  it('wants the issuer as audience, and openid', async () => {
    const elsewhere = await tokensOf(mesh, acme, { scopes: ['openid', 'demo:read'], resources: [api] });
    const foreign = await get(mesh.replicas[0], '/userinfo', bearer(elsewhere.access_token));
    expect(foreign).toMatchObject({ status: 401, body: { error: 'invalid_token' } });
    const plain = await tokensOf(mesh, acme, { scopes: ['profile'] });
    const refused = await get(mesh.replicas[0], '/userinfo', bearer(plain.access_token));
    expect(refused).toMatchObject({ status: 403, body: { error: 'insufficient_scope' } });
    expect(refused.headers.get('www-authenticate')).toContain('scope="openid"');
  });

  it.each<[string, () => Promise<Record<string, string>>, number]>([
    ['no token', () => Promise.resolve({}), 401],
    ['a token of nobody', () => Promise.resolve(bearer('abc.def.ghi')), 401],
    ['an ID token', async () => bearer((await tokensOf(mesh, acme)).id_token ?? ''), 401],
    ['a refresh token', async () => bearer((await tokensOf(mesh, acme)).refresh_token ?? ''), 401],
    ["a client's own token", async () => bearer(await ownToken()), 401],
    [
      'a changed token',
      async () => {
        const [head, claims, signature] = (await tokensOf(mesh, acme)).access_token.split('.');
        const changed = Buffer.from(claims ?? '', 'base64url')
          .toString('utf8')
          .replace('openid', 'opemid');
        return bearer(`${head ?? ''}.${Buffer.from(changed).toString('base64url')}.${signature ?? ''}`);
      },
      401,
    ],
    ['a malformed header', () => Promise.resolve({ authorization: 'Bearer a b' }), 400],
  ])('refuses %s', async (_case, headers, status) => {
    const answer = await get(mesh.replicas[0], '/userinfo', await headers());
    expect(answer.status).toBe(status);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
  });

  it('refuses a token in the query, and one that is there twice', async () => {
    const { access_token: token } = await tokensOf(mesh, acme);
    expect((await get(mesh.replicas[0], `/userinfo?access_token=${token}`)).status).toBe(400);
    expect((await post(mesh.replicas[0], '/userinfo', { access_token: token }, bearer(token))).status).toBe(400);
  });

  it("knows nothing of another tenant's tokens", async () => {
    const { access_token: token } = await tokensOf(mesh, globex);
    expect((await get(mesh.replicas[0], '/userinfo', bearer(token))).status).toBe(401);
    expect((await get(mesh.replicas[0], '/userinfo/t/globex', bearer(token))).status).toBe(200);
  });
});

async function ownToken(): Promise<string> {
  const answer = await post(mesh.replicas[0], '/token', { grant_type: 'client_credentials' }, robot);
  return String(answer.body['access_token']);
}

describe('/introspect', () => {
  it('shows a token to whom it was issued, and to an introspector of its audience', async () => {
    const tokens = await tokensOf(mesh, acme, { scopes: ['openid', 'demo:read'] });
    const own = await introspect(tokens.access_token);
    expect(own).toMatchObject({
      status: 200,
      body: {
        active: true,
        client_id: 'shop',
        sub: acme.alice.sub,
        iss: acme.tenant.issuer,
        scope: 'openid demo:read',
        token_type: 'Bearer',
        acr: 'urn:signet:acr:password',
      },
    });
    expect(own.headers.get('cache-control')).toBe('no-store');
    expect(JSON.stringify(own.body)).not.toContain(acme.alice.accountId);
    expect((await introspect(tokens.access_token, robot)).body).toEqual(own.body);
  });

  it('shows nothing to anybody else', async () => {
    const tokens = await tokensOf(mesh, acme);
    expect((await introspect(tokens.access_token, robot)).body).toEqual({ active: false });
    expect((await introspect(tokens.refresh_token, robot)).body).toEqual({ active: false });
    mesh.directory.clients.push({ ...acme.shop, clientId: 'curious' });
    const curious = { authorization: basic('curious', secret) };
    expect((await introspect(tokens.access_token, curious)).body).toEqual({ active: false });
  });

  it('shows a refresh token while it would be taken', async () => {
    const tokens = await tokensOf(mesh, acme, { scopes: ['openid', 'offline_access'] });
    expect((await introspect(tokens.refresh_token)).body).toMatchObject({ active: true, client_id: 'shop' });
    const next = await post(mesh.replicas[0], '/token', refresh(tokens.refresh_token), shop());
    await post(mesh.replicas[0], '/token', refresh(String(next.body['refresh_token'])), shop());
    expect((await introspect(tokens.refresh_token)).body).toEqual({ active: false });
  });

  it.each([['nonsense'], ['a.b.c'], ['x'.repeat(9_000)], ['v1.k.1.AAAAAAAAAAAAAAAAAAAAAA.0.' + 'A'.repeat(43)]])(
    'says of %.20s that it is not active, or that it is too long',
    async (text) => {
      const answer = await introspect(text);
      if (text.length > 8_192) expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
      else expect(answer).toMatchObject({ status: 200, body: { active: false } });
    },
  );

  it('wants a client that can show who it is, and a token', async () => {
    expect((await introspect('x', {})).status).toBe(401);
    expect((await introspect('x', { authorization: basic('shop', 'wrong') })).status).toBe(401);
    const spa = await post(mesh.replicas[0], '/introspect', { token: 'x', client_id: 'spa' });
    expect(spa).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect(await introspect('')).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });

  it("says of another tenant's tokens that they are not active", async () => {
    const tokens = await tokensOf(mesh, globex, { scopes: ['openid', 'offline_access'] });
    expect((await introspect(tokens.access_token)).body).toEqual({ active: false });
    expect((await introspect(tokens.refresh_token)).body).toEqual({ active: false });
  });
});

describe('/revoke', () => {
  const revoke = (
    token: string | undefined,
    headers: Record<string, string> = shop(),
    fields: Record<string, string> = {},
  ) => post(mesh.replicas[0], '/revoke', { token: token ?? '', ...fields }, headers);
  const activeAt = async (replica: 0 | 1, token: string | undefined) =>
    (await post(mesh.replicas[replica], '/introspect', { token: token ?? '' }, shop())).body['active'];

  it('ends an access token, and that one alone', async () => {
    const tokens = await tokensOf(mesh, acme);
    const answer = await revoke(tokens.access_token);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(await activeAt(0, tokens.access_token)).toBe(false);
    expect(await activeAt(0, tokens.refresh_token)).toBe(true);
    expect((await mesh.recorded('signet.token.revocation.raised.v1')).at(-1)).toMatchObject({
      actor: 'client:shop',
      data: { kind: 'token' },
    });
    expect((await revoke(tokens.access_token)).status).toBe(200);
  });

  it('ends a refresh token with the access tokens that came of it', async () => {
    const tokens = await tokensOf(mesh, acme);
    expect((await revoke(tokens.refresh_token, shop(), { token_type_hint: 'access_token' })).status).toBe(200);
    expect(await activeAt(0, tokens.access_token)).toBe(false);
    expect(await activeAt(0, tokens.refresh_token)).toBe(false);
    const next = await post(mesh.replicas[1], '/token', refresh(tokens.refresh_token), shop());
    expect(next.body).toMatchObject({ error: 'invalid_grant' });
    expect((await mesh.recorded('signet.token.family.ended.v1')).at(-1)).toMatchObject({
      reason: 'revoked',
      client: 'shop',
    });
  });

  it("leaves what is another's, and what is nothing, and says the same", async () => {
    const tokens = await tokensOf(mesh, acme);
    mesh.directory.clients.push({ ...acme.shop, clientId: 'jealous' });
    const jealous = { authorization: basic('jealous', secret) };
    for (const token of [tokens.access_token, tokens.refresh_token, 'nonsense']) {
      expect((await revoke(token, jealous)).status).toBe(200);
    }
    expect(await activeAt(0, tokens.access_token)).toBe(true);
    expect(await activeAt(0, tokens.refresh_token)).toBe(true);
  });

  it('lets a public client give back its own', async () => {
    const { code } = await codeOf(mesh, acme, { clientId: 'spa' });
    const { body } = await post(mesh.replicas[0], '/token', { ...redemption(code), client_id: 'spa' });
    expect((await revoke(String(body['refresh_token']), {}, { client_id: 'spa' })).status).toBe(200);
    const next = await post(mesh.replicas[0], '/token', {
      ...refresh(String(body['refresh_token'])),
      client_id: 'spa',
    });
    expect(next.body).toMatchObject({ error: 'invalid_grant' });
  });

  it('wants a client and a token', async () => {
    expect((await revoke('x', {})).status).toBe(401);
    expect(await revoke('')).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });
});

describe('discovery', () => {
  it.each<[string, () => Tenant]>([
    ['/.well-known/openid-configuration', () => acme.tenant],
    ['/.well-known/oauth-authorization-server', () => acme.tenant],
    ['/t/globex/.well-known/openid-configuration', () => globex.tenant],
    ['/.well-known/oauth-authorization-server/t/globex', () => globex.tenant],
  ])('is at %s', async (url, tenant) => {
    const answer = await get(mesh.replicas[0], url);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    const suffix = tenant().slug === 'default' ? '' : '/t/globex';
    expect(answer.body).toMatchObject({
      issuer: tenant().issuer,
      token_endpoint: `http://localhost:3000/token${suffix}`,
      authorization_endpoint: `http://localhost:3000/authorize${suffix}`,
      jwks_uri: `http://localhost:3000/jwks${suffix}`,
      end_session_endpoint: `http://localhost:3000/logout${suffix}`,
      response_types_supported: responseTypes,
      code_challenge_methods_supported: ['S256'],
      id_token_signing_alg_values_supported: expect.arrayContaining(['RS256']) as unknown,
    });
    expect(answer.body['scopes_supported']).toContain('demo:read');
  });

  it.each([
    '/t/nobody/.well-known/openid-configuration',
    '/jwks/t/nobody',
    '/t/default/.well-known/openid-configuration',
  ])('is not at %s', async (url) => {
    expect((await get(mesh.replicas[0], url)).status).toBe(404);
  });

  it('names nothing of the Host that was asked', async () => {
    const answer = await get(mesh.replicas[0], '/.well-known/openid-configuration', {
      'x-forwarded-host': 'evil.example',
    });
    expect(JSON.stringify(answer.body)).not.toContain('evil');
  });
});

describe('keys', () => {
  it('are prepared once, whoever asks and how often', async () => {
    const tenant = newId(tenantId);
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => mesh.ask(prepareKeys, { planId: newId(planId), tenantIds: [tenant] })),
    );
    expect(answers.reduce((sum, { changes }) => sum + changes, 0)).toBe(4);
    const rows = await mesh.database.query<{ alg: string; private: Buffer }>(
      'select alg, private from token.tenant_key where tenant_id = $1 order by alg',
      [tenant],
    );
    expect(rows.map(({ alg }) => alg)).toEqual(['ECDH-ES', 'ES256', 'RS256', 'RSA-OAEP-256']);
    // DER of a private key begins with a SEQUENCE; sealed, it begins with the version of the seal.
    for (const row of rows) expect(row.private[0]).toBe(1);
    const events = (await mesh.recorded('signet.token.key.created.v1')).filter((event) => event['tenant'] === tenant);
    expect(events).toHaveLength(4);
    const { keys } = await mesh.ask(findPublicKeys, { tenantId: tenant });
    expect(keys).toHaveLength(2);
    for (const key of keys) for (const secretMember of ['d', 'p', 'q']) expect(key).not.toHaveProperty(secretMember);
  });

  it('of an unknown tenant are not there', async () => {
    await expect(mesh.ask(findPublicKeys, { tenantId: newId(tenantId) })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('are not shared by tenants', async () => {
    const kids = async (tenant: Tenant) =>
      ((await get(mesh.replicas[0], path(tenant, '/jwks'))).body['keys'] as { kid: string }[]).map(({ kid }) => kid);
    const [ours, theirs] = [await kids(acme.tenant), await kids(globex.tenant)];
    expect(ours.filter((kid) => theirs.includes(kid))).toEqual([]);
  });
});

describe('without what it depends on', () => {
  it('Postgres: discovery and keys stand, the rest is 503 with Retry-After, until it is back', async () => {
    const way = await severable(mesh.database.serviceUrl('token'));
    const replica = await mesh.start(way.url);
    const tokens = await tokensOf(mesh, acme, { scopes: ['openid', 'offline_access'] });
    await get(replica, '/userinfo', bearer(tokens.access_token));
    await get(replica, '/.well-known/openid-configuration');
    await post(replica, '/introspect', { token: tokens.access_token }, shop());
    await post(replica, '/token', { grant_type: 'client_credentials' }, robot);
    way.sever();
    const unavailable = async () => {
      const answers = [
        await get(replica, '/userinfo', bearer(tokens.access_token)),
        await post(replica, '/introspect', { token: tokens.access_token }, shop()),
        await post(replica, '/revoke', { token: tokens.access_token }, shop()),
        await post(replica, '/token', refresh(tokens.refresh_token), shop()),
        await post(replica, '/token', { grant_type: 'client_credentials' }, robot),
      ];
      return answers.every(
        ({ status, body, headers }) =>
          status === 503 && body['error'] === 'temporarily_unavailable' && Number(headers.get('retry-after')) > 0,
      );
    };
    expect(await eventually(unavailable)).toBe(true);
    expect((await get(replica, '/jwks')).body['keys']).not.toEqual([]);
    expect((await get(replica, '/.well-known/openid-configuration')).status).toBe(200);
    way.mend();
    expect(
      await eventually(async () => (await get(replica, '/userinfo', bearer(tokens.access_token))).status === 200),
    ).toBe(true);
    expect((await post(replica, '/token', refresh(tokens.refresh_token), shop())).status).toBe(200);
    await replica.stop();
    await way.stop();
  });

  it('NATS: all of it goes on, by its copies', async () => {
    const replica = await mesh.start();
    const { code } = await codeOf(mesh, acme);
    const tokens = await tokensOf(mesh, acme);
    await post(replica, '/token', { grant_type: 'client_credentials' }, robot);
    await post(replica, '/introspect', { token: tokens.access_token }, shop());
    await get(replica, '/userinfo', bearer(tokens.access_token));
    await replica.service.parts.link.close();
    expect((await post(replica, '/token', redemption(code), shop())).status).toBe(200);
    const next = await post(replica, '/token', refresh(tokens.refresh_token), shop());
    expect(next.status).toBe(200);
    expect((await post(replica, '/token', { grant_type: 'client_credentials' }, robot)).status).toBe(200);
    expect((await get(replica, '/userinfo', bearer(tokens.access_token))).status).toBe(200);
    expect((await post(replica, '/introspect', { token: tokens.access_token }, shop())).body['active']).toBe(true);
    expect((await post(replica, '/revoke', { token: tokens.access_token }, shop())).status).toBe(200);
    expect((await post(replica, '/introspect', { token: tokens.access_token }, shop())).body).toEqual({
      active: false,
    });
  });
});
