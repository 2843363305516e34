import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { eventId, newId, raiseFloors } from '@signet/contracts';
import { DEVICE_CODE_GRANT_TYPE } from '@signet/protocol';
import { approve, beginDevice, deviceRedemption } from './support/devices.js';
import {
  api,
  basic,
  claimsOf,
  codeOf,
  get,
  populate,
  post,
  redemption,
  refresh,
  secret,
  type Answer,
  type Population,
  type Tokens,
} from './support/population.js';
import { runTokenReplicas, type TokenReplicas } from './support/token-replicas.js';

let mesh: TokenReplicas;
let acme: Population;
let next = 0;
beforeAll(async () => {
  mesh = await runTokenReplicas();
  acme = await populate(mesh);
}, 60_000);
afterAll(() => mesh.stop());

/** A client of its own for each test, of version 1. */
let clientId: string;
beforeEach(() => {
  clientId = `client-${++next}`;
  const grantTypes: (typeof acme.shop)['grantTypes'] = ['authorization_code', 'refresh_token', DEVICE_CODE_GRANT_TYPE];
  mesh.directory.clients.push({ ...acme.shop, clientId, grantTypes });
});

/** Its operator leaves it these scopes, and has been told that they count. */
async function narrow(...scopes: string[]): Promise<void> {
  const { clients } = mesh.directory;
  const index = clients.findIndex((client) => client.clientId === clientId);
  clients.splice(index, 1, { ...acme.shop, ...clients[index], scopes, version: 2 });
  const floor = { kind: 'client_version' as const, tenantId: acme.tenant.id, clientId, version: 2 };
  await mesh.ask(raiseFloors, { floors: [{ ...floor, raiseId: newId(eventId), reason: 'client_changed' }] });
}

/** A replica that has not seen the floor yet, with the client as it was, says 503: the same request may be sent again. */
async function token(fields: Record<string, string>): Promise<Answer> {
  for (;;) {
    const answer = await post(mesh.replicas[0], '/token', fields, { authorization: basic(clientId, secret) });
    if (answer.status !== 503) return answer;
  }
}
const codeFor = async (...scopes: string[]) => redemption((await codeOf(mesh, acme, { clientId, scopes })).code);
/** What an answer says was granted, and its token too. */
const scopeOf = ({ status, body }: Answer) => {
  expect(status).toBe(200);
  expect(claimsOf(String(body['access_token']))['scope']).toBe(body['scope']);
  return body['scope'];
};
const refused = { status: 400, body: { error: 'invalid_grant' } };
const noTarget = { status: 400, body: { error: 'invalid_target' } };

// RFC 6749 section 5.1: the scope of the token, where it is not what was asked for.
it('a code gives what the client may still ask for, and so does each refresh', async () => {
  const code = await codeFor('openid', 'profile', 'demo:read');
  await narrow('openid', 'demo:read');
  const first = await token(code);
  expect(scopeOf(first)).toBe('openid demo:read');
  expect(scopeOf(await token(refresh(String(first.body['refresh_token']))))).toBe('openid demo:read');
});

it('a refresh token gives less from then on, and no scope that is asked for alone', async () => {
  const first = await token(await codeFor('openid', 'profile', 'demo:read'));
  await narrow('openid', 'profile');
  const alone = await token(refresh(String(first.body['refresh_token']), { scope: 'demo:read' }));
  expect(alone).toMatchObject({ status: 400, body: { error: 'invalid_scope' } });
  const second = await token(refresh(String(first.body['refresh_token']), { scope: 'openid demo:read' }));
  expect(scopeOf(second)).toBe('openid');
  expect(claimsOf(String(second.body['access_token']))['aud']).toBe(acme.tenant.issuer);
});

it('nothing comes of what a client may ask for no more, and nothing is spent', async () => {
  const code = await codeFor('demo:read');
  const { body } = await token(await codeFor('demo:read'));
  await narrow('openid');
  for (const fields of [code, refresh(String(body['refresh_token']))]) {
    expect(await token(fields)).toMatchObject(refused);
    expect(await token(fields)).toMatchObject(refused);
  }
  expect(await mesh.recorded('signet.token.code.replayed.v1')).toEqual([]);
  expect(await mesh.recorded('signet.token.family.reused.v1')).toEqual([]);
});

// RFC 8707 section 2
it('a resource that is not open to the client any more is no target, and nothing is spent', async () => {
  const asked = { scopes: ['openid', 'demo:read'], resources: [api] };
  const code = redemption((await codeOf(mesh, acme, { clientId, ...asked })).code);
  const family = await token(redemption((await codeOf(mesh, acme, { clientId, ...asked })).code));
  const headers = { authorization: basic(clientId, secret) };
  const device = await beginDevice(mesh, acme, headers, { scope: 'openid demo:read', resource: api });
  await approve(mesh, acme, device, clientId, { scopes: ['openid', 'demo:read'] });
  expect(claimsOf(String(family.body['access_token']))['aud']).toBe(api);
  await narrow('openid');
  for (const fields of [code, refresh(String(family.body['refresh_token'])), deviceRedemption(device)]) {
    expect(await token(fields)).toMatchObject(noTarget);
    expect(await token(fields)).toMatchObject(noTarget);
  }
  expect(await mesh.recorded('signet.token.code.replayed.v1')).toEqual([]);
  expect(await mesh.recorded('signet.token.device.replayed.v1')).toEqual([]);
  expect(await mesh.recorded('signet.token.family.reused.v1')).toEqual([]);
});

// RFC 7662 section 2.2
it('introspection tells of a refresh token what would come of it by now', async () => {
  const asked = [
    { scopes: ['openid', 'profile'] },
    { scopes: ['profile'] },
    { scopes: ['openid', 'offline_access'] },
    { scopes: ['openid', 'demo:read'], resources: [api] },
  ];
  const tokens: string[] = [];
  for (const each of asked) {
    const { body } = await token(redemption((await codeOf(mesh, acme, { clientId, ...each })).code));
    tokens.push(String(body['refresh_token']));
  }
  await narrow('openid');
  // The replica has seen the floor by then.
  expect(await token(refresh(tokens[1] ?? ''))).toMatchObject(refused);
  const told: unknown[] = [];
  for (const each of tokens) {
    const authorization = basic(clientId, secret);
    const { body } = await post(mesh.replicas[0], '/introspect', { token: each }, { authorization });
    told.push(body['active'] === true ? body['scope'] : body);
  }
  expect(told).toEqual(['openid', { active: false }, { active: false }, { active: false }]);
});

// OpenID Connect Core 1.0 section 11
it('who may not have offline access any more has none, by a code or by a refresh token of before', async () => {
  const code = await codeFor('openid', 'offline_access');
  const offline = await token(await codeFor('openid', 'offline_access'));
  const online = await token(await codeFor('openid'));
  await narrow('openid');
  expect(await token(refresh(String(offline.body['refresh_token'])))).toMatchObject(refused);
  expect(scopeOf(await token(refresh(String(online.body['refresh_token']))))).toBe('openid');
  const late = await token(code);
  expect(scopeOf(late)).toBe('openid');
  // It is online: nothing would come of an offline one.
  expect(scopeOf(await token(refresh(String(late.body['refresh_token']))))).toBe('openid');
});

it('a device gets what its client may still ask for, or nothing', async () => {
  const headers = { authorization: basic(clientId, secret) };
  const approved = async (scope: string) => {
    const device = await beginDevice(mesh, acme, headers, { scope });
    await approve(mesh, acme, device, clientId, { scopes: scope.split(' ') });
    return deviceRedemption(device);
  };
  const [some, none] = [await approved('openid profile'), await approved('profile')];
  await narrow('openid');
  expect(scopeOf(await token(some))).toBe('openid');
  expect(await token(none)).toMatchObject(refused);
});

// OpenID Connect Core 1.0 section 5.5
it('claims by name are no way around it', async () => {
  const claims = { idToken: ['email', 'name'], userinfo: ['email_verified'], agreed: ['email', 'profile'] };
  const { code } = await codeOf(mesh, acme, { clientId, scopes: ['openid'], claims });
  await narrow('openid', 'profile');
  const tokens = (await token(redemption(code))).body as unknown as Tokens;
  expect(claimsOf(tokens.id_token ?? '')).toMatchObject({ name: 'Alice Liddell' });
  expect(claimsOf(tokens.id_token ?? '')).not.toHaveProperty('email');
  const told = await get(mesh.replicas[0], '/userinfo', { authorization: `Bearer ${tokens.access_token}` });
  expect(told.body).toEqual({ sub: acme.alice.sub });
});
