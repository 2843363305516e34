import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { issueGrant } from '@signet/contracts';
import {
  claimsOf,
  codeOf,
  get,
  path,
  populate,
  post,
  redemption,
  refresh,
  signInOf,
  tokensOf,
  type Population,
  type Tokens,
} from './support/population.js';
import { runTokenReplicas, type Replica, type TokenReplicas } from './support/token-replicas.js';

let mesh: TokenReplicas;
let acme: Population;
let replica: Replica;
beforeAll(async () => {
  mesh = await runTokenReplicas();
  acme = await populate(mesh);
  [replica] = mesh.replicas;
  await mesh.replicas[1].stop();
});
afterAll(() => mesh.stop());

const claims = { idToken: ['name', 'email', 'unheard_of'], userinfo: ['email_verified'], agreed: ['profile', 'email'] };
const asked = { scopes: ['openid', 'demo:read'], claims };
const shop = () => ({ authorization: acme.authorization });
const userinfo = async (token: string) =>
  (await get(replica, path(acme.tenant, '/userinfo'), { authorization: `Bearer ${token}` })).body;

// OpenID Connect Core 1.0 section 5.5
describe('claims that were asked for by name', () => {
  it('are in ID token and userinfo, each where it was asked for, at redemption and after a refresh', async () => {
    const first = await tokensOf(mesh, acme, asked);
    const again = await post(replica, path(acme.tenant, '/token'), refresh(first.refresh_token), shop());
    const second = again.body as unknown as Tokens;
    for (const { id_token: id = '', access_token: access, scope } of [first, second]) {
      expect(scope).toBe('openid demo:read');
      expect(claimsOf(id)).toMatchObject({ name: 'Alice Liddell', email: 'alice@acme.example' });
      expect(Object.keys(claimsOf(id))).not.toEqual(expect.arrayContaining(['email_verified', 'unheard_of']));
      expect(await userinfo(access)).toEqual({ sub: acme.alice.sub, email_verified: true });
    }
  });

  it('are nowhere else: not in the access token, nor for a sign-in that did not ask', async () => {
    const { access_token: access } = await tokensOf(mesh, acme, asked);
    expect(Object.keys(claimsOf(access))).not.toContain('email_verified');
    const plain = await tokensOf(mesh, acme, { scopes: ['openid'] });
    expect(await userinfo(plain.access_token)).toEqual({ sub: acme.alice.sub });
    expect(claimsOf(plain.id_token ?? '')).not.toHaveProperty('email');
  });

  it('come by way of the front channel too', async () => {
    const { request } = signInOf(acme, replica.service.parts.database.now(), asked);
    const front = { accessToken: true, idToken: { alg: 'RS256' as const } };
    const issued = await mesh.ask(issueGrant, { ...request, code: undefined, front });
    const tokens = issued.outcome === 'issued' ? issued.front : undefined;
    expect(claimsOf(tokens?.idToken ?? '')).toMatchObject({ name: 'Alice Liddell', email: 'alice@acme.example' });
    expect(await userinfo(tokens?.accessToken?.token ?? '')).toEqual({ sub: acme.alice.sub, email_verified: true });
  });

  it('take no message and no statement more', async () => {
    const { code } = await codeOf(mesh, acme, asked);
    await replica.statements();
    await replica.messages();
    const redeemed = await post(replica, path(acme.tenant, '/token'), redemption(code), shop());
    expect(redeemed.status).toBe(200);
    await userinfo((redeemed.body as unknown as Tokens).access_token);
    expect(await replica.statements()).toEqual({ 'token.code.redeem': 1 });
    expect(await replica.messages()).toEqual({});
  });

  it('need the person to agree to the scopes that hold them', async () => {
    const globex = await populate(mesh, 'globex');
    const remembered = { ...asked, consent: 'remembered' as const };
    expect(
      (await codeOf(mesh, globex, { ...remembered, consent: 'approved', claims: undefined })).answer,
    ).toMatchObject({
      outcome: 'issued',
    });
    expect((await codeOf(mesh, globex, remembered)).answer).toEqual({
      outcome: 'consent_required',
      missing: ['profile', 'email'],
    });
    expect((await codeOf(mesh, globex, { ...asked, consent: 'approved' })).answer).toMatchObject({ outcome: 'issued' });
    expect((await codeOf(mesh, globex, remembered)).answer).toMatchObject({ outcome: 'issued' });
    const [extended] = (await mesh.recorded('signet.token.grant.extended.v1', globex.tenant)).slice(-1);
    expect(extended).toMatchObject({ data: { scopes: ['openid', 'demo:read', 'profile', 'email'] } });
  });

  it('are left out where no copy of the account can be had, and the code is not lost', async () => {
    const { code } = await codeOf(mesh, acme, asked);
    const fresh = await mesh.start();
    // It has the client's copy, and none of the account.
    await post(fresh, path(acme.tenant, '/token'), redemption('nonsense'), shop());
    mesh.directory.away = true;
    try {
      const redeemed = await post(fresh, path(acme.tenant, '/token'), redemption(code), shop());
      expect(redeemed.status).toBe(200);
      const { id_token: id = '' } = redeemed.body as unknown as Tokens;
      expect(claimsOf(id)).toMatchObject({ sub: acme.alice.sub });
      expect(claimsOf(id)).not.toHaveProperty('email');
    } finally {
      mesh.directory.away = false;
    }
  });
});
