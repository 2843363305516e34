import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { definitionOf, envelope } from '@signet/contracts';
import { SignJWT } from 'jose';
import { z } from 'zod';
import {
  Administrator,
  afterLogout,
  approveDevice,
  AuditLog,
  basic,
  beginDevice,
  callback,
  codeClient,
  consoleClient,
  DpopProver,
  everythingTold,
  openSetUp,
  Plane,
  PlantedSecrets,
  pollDevice,
  RawClient,
  twinTenants,
  UserAgent,
  waitingOf,
} from '../src/index.js';

const planted = new PlantedSecrets();
const person = { username: 'carol', password: planted.plant('password') };
const confidential = planted.plant('client secret');
const macSecret = planted.plant('client secret of client_secret_jwt');
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const challengeOf = { code_challenge: `${'c'.repeat(42)}A`, code_challenge_method: 'S256' };
const wrong = (name: string) => planted.plant(`wrong ${name}`);

let plane: Plane;
let vault: RawClient;
let by: Administrator;

beforeAll(async () => {
  const configuration = twinTenants(
    [
      codeClient('vault', { client_secret: confidential }),
      codeClient('maccer', { token_endpoint_auth_method: 'client_secret_jwt', client_secret: macSecret }),
    ],
    [{ ...person, name: 'Carol' }],
  );
  const file = JSON.parse(readFileSync(configuration, 'utf8')) as { tenants: { slug: string; clients: object[] }[] };
  file.tenants.find(({ slug }) => slug === 'default')?.clients.push(consoleClient);
  writeFileSync(configuration, JSON.stringify(file));
  planted.keep('secret of the console', consoleClient.client_secret);
  const env = { SIGNET_LOG_LEVEL: 'debug' };
  plane = await Plane.start({ form: 'one process', configuration, env });
  vault = new RawClient(plane.issuer, 'default', 'vault', confidential);
  by = new Administrator(plane.issuer, `${plane.issuer}/token`);
}, 120_000);
afterAll(() => plane.stop());

const keepCookies = ({ cookies }: UserAgent) => {
  for (const [name, value] of cookies) planted.keep(`cookie ${name}`, value);
};
const bearer = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });
const json = (method: string, body: object, token: string) => ({
  method,
  headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
  body: JSON.stringify(body),
});

/** A sign-in, right and wrong, its code, tokens and logout. */
async function codeFlow(): Promise<void> {
  const asked = { state: planted.plant('state'), nonce: planted.plant('nonce') };
  const agent = new UserAgent(plane.issuer);
  const page = await agent.open(vault.authorizationUrl({ ...asked, ...challengeOf }));
  await agent.submit(page, { username: person.username, password: wrong('password') });
  const signedIn = await vault.signIn(asked, agent, person);
  planted.keep('code', signedIn.code);
  planted.keep('verifier', signedIn.verifier);
  await vault.redeem({ ...signedIn, verifier: wrong('verifier') });
  await vault.redeem({ ...signedIn, code: wrong('code') });
  const { body } = await vault.redeem(signedIn);
  const access = planted.keep('access token', String(body['access_token']));
  const refresh = planted.keep('refresh token', String(body['refresh_token']));
  const hint = planted.keep('ID token', String(body['id_token']));
  await vault.redeem(signedIn);
  await vault.userinfo(access);
  for (const token of [access, refresh, wrong('token')]) {
    await vault.userinfo(token);
    await vault.introspect(token);
    await vault.refresh(token);
    await fetch(`${vault.at('/userinfo')}?access_token=${token}`);
    await fetch(vault.at('/userinfo'), { method: 'POST', body: new URLSearchParams({ access_token: token }) });
    await vault.revoke(token);
  }
  for (const id_token_hint of [wrong('ID token'), hint]) {
    await agent.open(vault.authorizationUrl({ prompt: 'none', id_token_hint, ...challengeOf }));
    await agent.open(vault.at('/account'));
    keepCookies(agent);
    const query = { id_token_hint, post_logout_redirect_uri: afterLogout, state: planted.plant('state of a logout') };
    await agent.open(`${vault.at('/logout')}?${new URLSearchParams(query).toString()}`);
  }
}

/** Every way in which a client shows who it is, and fails to. */
async function clientAuthentication(): Promise<void> {
  for (const path of ['/token', '/introspect', '/revoke', '/par', '/device_authorization']) {
    const url = vault.at(path);
    const body = () => new URLSearchParams({ grant_type: 'client_credentials', token: wrong('token of nobody') });
    const headers = { Authorization: basic('vault', wrong('client secret')) };
    await fetch(url, { method: 'POST', headers, body: body() });
    const posted = body();
    posted.set('client_id', 'demo-post');
    posted.set('client_secret', wrong('posted client secret'));
    await fetch(url, { method: 'POST', body: posted });
    const now = Math.floor(Date.now() / 1_000);
    const assertion = (key: string) =>
      new SignJWT({ iss: 'maccer', sub: 'maccer', aud: plane.issuer, jti: randomUUID(), iat: now, exp: now + 60 })
        .setProtectedHeader({ alg: 'HS256' })
        .sign(Buffer.from(key));
    for (const client_assertion of [
      planted.keep('client assertion', await assertion(macSecret)),
      planted.keep('wrong client assertion', await assertion(wrong('MAC key'))),
      wrong('assertion that is none'),
    ]) {
      const asserted = body();
      for (const [name, value] of Object.entries({ client_assertion, client_assertion_type: assertionType }))
        asserted.set(name, value);
      await fetch(url, { method: 'POST', body: asserted });
    }
  }
}

/** Pushed requests, request objects, DPoP proofs, devices. */
async function otherWays(): Promise<void> {
  const asked = { client_id: 'vault', redirect_uri: callback, response_type: 'code', scope: 'openid', ...challengeOf };
  const pushed = await vault.post('/par', { ...asked, state: planted.plant('state'), nonce: planted.plant('nonce') });
  const requestUri = planted.keep('request_uri', String(pushed.body['request_uri']));
  const open = (fields: Record<string, string>) =>
    new UserAgent(plane.issuer).open(`${vault.at('/authorize')}?${new URLSearchParams(fields).toString()}`);
  await open({ client_id: 'vault', request_uri: requestUri });
  await open({ client_id: 'vault', request_uri: `urn:ietf:params:oauth:request_uri:${wrong('request_uri')}` });
  await open({ ...asked, request: `${wrong('request object')}.e30.` });
  await open({ ...asked, client_id: 'nobody', state: planted.plant('state of nobody') });
  await open({ ...asked, redirect_uri: 'https://evil.example/', state: planted.plant('state of a thief') });

  const prover = await DpopProver.create();
  const proofs = {
    proof: async (method: string, url: string) => planted.keep('DPoP proof', await prover.proof(method, url)),
    learn: prover.learn.bind(prover),
  };
  const bound = await vault.proving(proofs).signInForTokens({}, undefined);
  for (const name of ['access_token', 'refresh_token', 'id_token', 'code', 'verifier'] as const)
    planted.keep(`bound ${name}`, bound[name]);
  const proof = { Authorization: `DPoP ${bound.access_token}`, DPoP: wrong('DPoP proof') };
  await fetch(vault.at('/userinfo'), { headers: proof });
  await vault.userinfo(bound.access_token);

  const television = new RawClient(plane.issuer, 'default', 'demo-tv');
  const device = waitingOf(await beginDevice(television));
  planted.keep('device code', device.device_code);
  planted.keep('user code', device.user_code);
  await pollDevice(television, { ...device, device_code: wrong('device code') });
  const agent = new UserAgent(plane.issuer);
  const entry = await agent.open(device.verification_uri);
  await agent.submit(entry, { user_code: planted.keep('wrong user code', 'BCDFGHJK') });
  await approveDevice(device, agent);
  await pollDevice(television, device);
  keepCookies(agent);
  for (const path of ['/authorize', '/account', '/logout', '/check-session', '/sign-in'])
    await fetch(vault.at(path), {
      headers: { Cookie: `signet=${wrong('cookie')}`, traceparent: wrong('traceparent') },
    });
}

/** Registration, the Management API, SCIM, set-up. */
async function administration(): Promise<void> {
  const initial = /\S{30,}/.exec(await plane.signet('registration', 'token'))?.[0];
  planted.keep('initial access token', initial);
  const registering = json('POST', { redirect_uris: [callback] }, wrong('initial access token'));
  await fetch(vault.at('/register'), registering);
  const answer = await fetch(vault.at('/register'), json('POST', { redirect_uris: [callback] }, initial ?? ''));
  const registered = (await answer.json()) as Record<string, string>;
  const token = planted.keep('registration access token', registered['registration_access_token'] ?? '');
  planted.keep('registered client secret', registered['client_secret'] ?? '');
  const uri = registered['registration_client_uri'] ?? '';
  await fetch(uri, bearer(wrong('registration access token')));
  const changed = { ...registered, redirect_uris: [callback], client_secret: wrong('secret in an update') };
  await fetch(uri, json('PUT', changed, token));
  await fetch(uri, bearer(token));

  const key = { 'Idempotency-Key': planted.plant('Idempotency-Key') };
  const made = await by.ask('POST', '/admin/v1/accounts', { username: 'dora' }, key);
  expect(made.status).toBe(201);
  await by.ask('PUT', `/admin/v1/credentials/${String(made.body?.['id'])}/password`, {
    password: planted.plant('password of an administrator'),
  });
  await by.ask('POST', '/admin/v1/accounts', { username: 'eve', password: wrong('password in a body') });
  await by.ask('POST', '/admin/v1/clients', { redirect_uris: [callback], client_secret: wrong('secret in a body') });
  const client = await by.ask('POST', '/admin/v1/clients', { redirect_uris: [callback] });
  planted.keep('made client secret', client.body?.['client_secret']);
  const rotated = await by.ask('POST', `/admin/v1/clients/${String(client.body?.['client_id'])}/secret`, {});
  planted.keep('rotated client secret', rotated.body?.['client_secret']);
  const schemas = ['urn:ietf:params:scim:schemas:core:2.0:User'];
  await by.ask('POST', '/scim/v2/Users', { schemas, userName: 'frank', password: planted.plant('password by SCIM') });
  for (const path of ['/admin/v1/accounts', '/scim/v2/Users', '/admin/v1/events'])
    await fetch(vault.at(path), bearer(wrong(`bearer of ${path}`)));

  const { code } = await openSetUp(plane, 'globex');
  planted.keep('set-up code', code);
  const agent = new UserAgent(plane.issuer);
  const page = await agent.open(`${plane.issuer}/setup/t/globex`);
  const fields = { username: 'boss', password: planted.plant('password at the set-up') };
  await agent.submit(page, { ...fields, code: 'wrong-code-at-the-set-up', confirmation: fields.password });
  await agent.submit(await agent.open(`${plane.issuer}/setup/t/globex`), { ...fields, code });
}

describe('no secret', () => {
  it('is in the stream, an outbox, the log, what is read of it, the output of a process, or a metric', async () => {
    await codeFlow();
    await clientAuthentication();
    await otherWays();
    await administration();
    await new AuditLog(plane).settled();
    const told = await everythingTold(plane, ['default', 'globex']);
    // What is looked through has what happened in it.
    for (const place of ['log', 'opened log of default'])
      expect(told.get(place)).toContain('signet.token.code.redeemed.v1');
    expect([...told].some(([place, text]) => place.startsWith('stream') && text.includes('code.redeemed'))).toBe(true);
    expect(told.get('opened log of default')).toContain('"username":"carol"');
    expect(planted.count).toBeGreaterThan(60);
    const found = [...told].flatMap(([place, text]) => planted.in(text).map((name) => `${name} in ${place}`));
    expect(found).toEqual([]);
  }, 120_000);

  it('has a place in any event: each holds what the catalogue says, and nothing else', async () => {
    const leaves = await plane.query(async (client) => {
      const { rows } = await client.query<{ leaf: Buffer }>('select leaf from audit.entry order by ordinal');
      return rows.map(({ leaf }) => envelope.parse(JSON.parse(leaf.toString('utf8'))));
    });
    const told = new Set(leaves.map(({ type, data }) => [type, data['endpoint']].filter(Boolean).join(' ')));
    for (const refused of [
      ...['authn.sign-in', 'authn.authorization', 'authn.user-code', 'authn.setup', 'token.code', 'token.refresh'],
      ...['directory.registration', 'directory.provisioning', 'directory.management-call', 'audit.management-call'],
    ])
      expect([...told].join('\n')).toMatch(new RegExp(`signet\\.${refused}\\.(?:refused|failed)\\.v1`));
    for (const endpoint of ['token', 'userinfo', 'introspect', 'revoke', 'par', 'device_authorization'])
      expect(told).toContain(`signet.token.client.refused.v1 ${endpoint}`);
    expect(told.size).toBeGreaterThan(35);
    for (const { type, data } of leaves) {
      const schema = definitionOf(type)?.data;
      const strict = schema instanceof z.ZodObject ? schema.strict() : z.never();
      expect([type, data, strict.safeParse(data).error?.issues ?? []]).toEqual([type, data, []]);
    }
  });
});
