import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { issueGrant, micros, type GrantIssued } from '@signet/contracts';
import { leftHalfHash } from '@signet/keys';
import type { z } from 'zod';
import { blockSize, StatusIndices } from '../src/status-lists/status-indices.js';
import { eventually } from './support/eventually.js';
import {
  basic,
  claimsOf,
  get,
  headerOf,
  isActive,
  path,
  populate,
  post,
  redemption,
  secret,
  signInOf,
  tokensOf,
  type Population,
} from './support/population.js';
import { wantStatusLists } from './support/status-lists.js';
import { runTokenReplicas, type Replica, type TokenReplicas } from './support/token-replicas.js';

type Asked = z.input<typeof issueGrant.request>;

let mesh: TokenReplicas;
let acme: Population;
let replica: Replica;
beforeAll(async () => {
  mesh = await runTokenReplicas();
  acme = await populate(mesh);
  [replica] = mesh.replicas;
  await mesh.replicas[1].stop();
  await tokensOf(mesh, acme);
});
afterAll(() => mesh.stop());

const idToken = { alg: 'RS256' } as const;
const scopes = ['openid', 'profile', 'offline_access', 'demo:read'];

const ask = (changes: Partial<Asked>): { request: Asked; code: string; answer: () => Promise<GrantIssued> } => {
  const { request, code } = signInOf(acme, replica.service.parts.database.now());
  const asked = { ...request, scopes, ...changes };
  return { request: asked, code, answer: () => mesh.ask(issueGrant, asked) };
};

/** What the front channel gets without a code. */
const tokensFor = async (front: Asked['front'], changes: Partial<Asked> = {}) => {
  const { request, answer } = ask({ code: undefined, front, ...changes });
  const issued = await answer();
  if (issued.outcome !== 'issued') throw new Error(JSON.stringify(issued));
  return { request, tokens: issued.front ?? {} };
};

// OpenID Connect Core 1.0 section 3.2: response_type=id_token token
describe('an access token of the front channel', () => {
  it('is online: of the session, without offline_access, resting on an instance of its own', async () => {
    const { request, tokens } = await tokensFor({ accessToken: true, idToken });
    const { token = '', expiresIn, scopes: granted } = tokens.accessToken ?? {};
    expect([expiresIn, granted]).toEqual([300, ['openid', 'profile', 'demo:read']]);
    expect(headerOf(token)).toMatchObject({ typ: 'at+jwt' });
    const claims = claimsOf(token);
    expect(claims).toMatchObject({ sub: acme.alice.sub, client_id: 'shop', scope: 'openid profile demo:read' });
    const [event] = (await mesh.recorded('signet.token.front-channel.issued.v1')).slice(-1);
    expect(event).toMatchObject({
      client: 'shop',
      session: request.authentication.sessionId,
      subject: `account:${acme.alice.accountId}`,
      data: { scopes, jti: claims['jti'], idToken: true },
    });
    expect((event?.['data'] as Record<string, unknown>)['instance']).toEqual(expect.any(String));
    expect(await isActive(mesh, acme, token)).toBe(true);
    const person = await get(replica, path(acme.tenant, '/userinfo'), { authorization: `Bearer ${token}` });
    expect(person.body).toMatchObject({ sub: acme.alice.sub, name: 'Alice Liddell' });
  });

  it('lives no longer than its session', async () => {
    const now = replica.service.parts.database.now();
    const { request } = signInOf(acme, now);
    const authentication = { ...request.authentication, sessionExpiresAt: micros.parse(now + 20_000_000) };
    const { tokens } = await tokensFor({ accessToken: true }, { authentication });
    expect(tokens.accessToken?.expiresIn).toBeLessThanOrEqual(20);
    expect(tokens.idToken).toBeUndefined();
  });

  it('ends with its session, and by itself', async () => {
    const { tokens } = await tokensFor({ accessToken: true });
    const token = tokens.accessToken?.token ?? '';
    await post(replica, path(acme.tenant, '/revoke'), { token }, { authorization: acme.authorization });
    expect(await eventually(async () => !(await isActive(mesh, acme, token)))).toBe(true);
  });

  it('is for the resource that was asked for', async () => {
    const { tokens } = await tokensFor({ accessToken: true }, { resources: ['https://api.demo.example'] });
    expect(claimsOf(tokens.accessToken?.token ?? '')).toMatchObject({ aud: 'https://api.demo.example' });
  });
});

describe('an ID token of the front channel', () => {
  it('vouches for access token, code and state (section 3.3.2.11)', async () => {
    const front = { accessToken: true, idToken: { ...idToken, cHash: 'c'.repeat(22), sHash: 's'.repeat(22) } };
    const { answer, code } = ask({ front });
    const issued = await answer();
    const tokens = issued.outcome === 'issued' ? issued.front : undefined;
    const claims = claimsOf(tokens?.idToken ?? '');
    expect(claims).toMatchObject({
      nonce: 'n-0S6',
      at_hash: leftHalfHash('RS256', tokens?.accessToken?.token ?? ''),
      c_hash: 'c'.repeat(22),
      s_hash: 's'.repeat(22),
      sub: acme.alice.sub,
    });
    expect(claims).not.toHaveProperty('name');
    // Section 3.3.3.6: iss and sub are the same in the ID token that the code brings, which has an at_hash of its own.
    const redeemed = await post(replica, path(acme.tenant, '/token'), redemption(code), {
      authorization: acme.authorization,
    });
    const { id_token, access_token } = redeemed.body as Record<string, string>;
    expect(claimsOf(id_token ?? '')).toMatchObject({
      iss: claims['iss'],
      sub: claims['sub'],
      nonce: 'n-0S6',
      at_hash: leftHalfHash('RS256', access_token ?? ''),
    });
    expect(claimsOf(id_token ?? '')).not.toHaveProperty('c_hash');
    // The two access tokens rest on instances of their own: one ends without the other.
    await post(replica, path(acme.tenant, '/token'), redemption(code), { authorization: acme.authorization });
    expect(await eventually(async () => !(await isActive(mesh, acme, access_token)))).toBe(true);
    expect(await isActive(mesh, acme, tokens?.accessToken?.token)).toBe(true);
  });

  it.each([
    ['no access token comes at all', { code: undefined }, true],
    ['a code will bring one', {}, false],
    ['one comes with it', { code: undefined, front: { accessToken: true, idToken } }, false],
  ])('tells what the scopes ask for only where %s (section 5.4)', async (_case, changes, told) => {
    const issued = await ask({ front: { accessToken: false, idToken }, ...changes }).answer();
    const claims = claimsOf((issued.outcome === 'issued' && issued.front?.idToken) || '');
    expect(claims['name']).toBe(told ? 'Alice Liddell' : undefined);
    expect(claims).not.toHaveProperty('email');
  });

  it.each(['RS256', 'ES256', 'PS256', 'EdDSA'] as const)(
    'is signed by %s, which its hashes were made with',
    async (alg) => {
      const { tokens } = await tokensFor({ accessToken: true, idToken: { alg } });
      expect(headerOf(tokens.idToken ?? '')).toMatchObject({ alg, typ: 'JWT' });
      expect(claimsOf(tokens.idToken ?? '')['at_hash']).toBe(leftHalfHash(alg, tokens.accessToken?.token ?? ''));
    },
  );
});

describe('nothing is issued', () => {
  const recorded = async () => (await mesh.recorded('signet.token.front-channel.issued.v1')).length;
  let before: number;
  beforeEach(async () => {
    before = await recorded();
  });

  it('to a session that has ended', async () => {
    const { tokens, request } = await tokensFor({ accessToken: true });
    const { sessionId, sessionExpiresAt } = request.authentication;
    await mesh.database.query(
      `begin; set local session_replication_role = replica;
       insert into token.floor (tenant_id, kind, key, reason, expires_at, changed_at)
       values ('${acme.tenant.id}', 'session', '${sessionId}', 'test', to_timestamp(${sessionExpiresAt / 1_000_000}), clock_timestamp()); commit`,
    );
    const again = await mesh.ask(issueGrant, { ...request, front: { accessToken: true, idToken } });
    expect(again).toEqual({ outcome: 'dead', by: 'session' });
    expect(await recorded()).toBe(before + 1);
    expect(await eventually(async () => !(await isActive(mesh, acme, tokens.accessToken?.token)))).toBe(true);
  });

  it('without the consent that is needed', async () => {
    const front = { accessToken: true, idToken };
    const issued = await ask({ code: undefined, front, consent: 'remembered', scopes: ['openid', 'email'] }).answer();
    expect(issued).toEqual({ outcome: 'consent_required', missing: ['email'] });
    expect(await recorded()).toBe(before);
  });

  it('and the place in a status list goes to another token', async () => {
    const hooli = await populate(mesh, 'hooli');
    wantStatusLists(mesh, hooli);
    const refused = async () => {
      const { request } = signInOf(hooli, replica.service.parts.database.now());
      const front = { accessToken: true, idToken };
      const asked = { ...request, code: undefined, front, consent: 'remembered' as const, scopes: ['openid', 'email'] };
      expect(await mesh.ask(issueGrant, asked)).toMatchObject({ outcome: 'consent_required' });
    };
    await refused();
    // All but one of the block that this replica has leased.
    const indices = replica.service.app.get(StatusIndices, { strict: false });
    for (let count = 1; count < blockSize; count++) await indices.take(hooli.tenant.id);
    await refused();
    await refused();
    const leased = 'select next from token.status_lease where tenant_id = $1';
    expect(await mesh.database.query(leased, [hooli.tenant.id])).toEqual([{ next: String(blockSize) }]);
  });

  it('where neither code nor token is asked for', async () => {
    await expect(ask({ code: undefined }).answer()).rejects.toThrow();
  });

  it('to a client that is no more', async () => {
    const { answer } = ask({ code: undefined, front: { accessToken: true, idToken }, clientId: 'nobody' });
    expect(await answer()).toEqual({ outcome: 'dead', by: 'client' });
    expect(await recorded()).toBe(before);
  });
});

it('takes no message and one statement, as a code does', async () => {
  const { answer } = ask({ front: { accessToken: true, idToken } });
  await replica.statements();
  await replica.messages();
  expect(await answer()).toMatchObject({ outcome: 'issued' });
  expect(await replica.statements()).toEqual({ 'token.grant.issue': 1 });
  expect(await replica.messages()).toEqual({});
});

it('a client that may not redeem cannot use the code of a hybrid response', async () => {
  const { answer, code } = ask({ front: { accessToken: false, idToken } });
  await answer();
  const stranger = await post(replica, path(acme.tenant, '/token'), redemption(code), {
    authorization: basic('robot', secret),
  });
  expect(stranger).toMatchObject({ status: 400, body: { error: 'unauthorized_client' } });
});
