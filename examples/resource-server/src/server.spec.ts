import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { deflateSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { CryptoKey } from 'jose';
import { createResourceServer } from './server.js';

const audience = 'https://api.demo.example';
const keys = await generateKeyPair('ES256');
const strangers = await generateKeyPair('ES256');

/** A provider as small as it can be, and what it says next. */
let list: {
  revoked: number[];
  ttl: number;
  key: CryptoKey;
  claims: object;
  status: number;
  requests: number;
  hold?: Promise<void> | undefined;
};
beforeEach(() => {
  list = { revoked: [], ttl: 60, key: keys.privateKey, claims: {}, status: 200, requests: 0 };
});

let provider: Server;
let issuer: string;
let api: Server;
const listen = (server: Server) => new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
const originOf = (server: Server) => `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
beforeAll(async () => {
  const jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k', alg: 'ES256' }] };
  provider = createServer((request, response) => {
    void (async () => {
      if (request.url === '/.well-known/openid-configuration')
        return response.end(JSON.stringify({ issuer, jwks_uri: `${issuer}/jwks` }));
      if (request.url === '/jwks') return response.end(JSON.stringify(jwks));
      list.requests++;
      const { status, hold } = list;
      await hold;
      response.statusCode = status;
      return response.end(await statusList(`${issuer}${String(request.url)}`));
    })();
  });
  await listen(provider);
  issuer = originOf(provider);
});
afterAll(() => {
  provider.close();
});

beforeEach(async () => {
  api = createResourceServer({ issuer, audience, scope: 'demo:read', host: '127.0.0.1', port: 0 }, () => undefined);
  await listen(api);
});
afterEach(() => {
  api.close();
});

const signed = (claims: object, typ: string, key: CryptoKey = keys.privateKey) =>
  new SignJWT({ iat: Math.floor(Date.now() / 1_000), ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: 'k', typ })
    .sign(key);

function statusList(uri: string): Promise<string> {
  const bits = new Uint8Array(8);
  for (const index of list.revoked) bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7));
  const lst = deflateSync(bits).toString('base64url');
  const claims = { sub: uri, ttl: list.ttl, status_list: { bits: 1, lst }, ...list.claims };
  return signed(claims, 'statuslist+jwt', list.key);
}

const token = (changes: object = {}, typ = 'at+jwt', key?: CryptoKey) =>
  signed(
    {
      ...{ iss: issuer, aud: audience, sub: 'alice', client_id: 'shop', scope: 'openid demo:read' },
      exp: Math.floor(Date.now() / 1_000) + 300,
      status: { status_list: { idx: 9, uri: `${issuer}/status-lists/0` } },
      ...changes,
    },
    typ,
    key,
  );
const notes = async (bearer?: string) => {
  const headers = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
  const answer = await fetch(`${originOf(api)}/notes`, { headers });
  return { status: answer.status, challenge: answer.headers.get('www-authenticate') };
};

it('serves whom the token is for', async () => {
  expect(await notes(await token())).toEqual({ status: 200, challenge: null });
});

it('asks one without a token for one', async () => {
  const { status, challenge } = await notes();
  expect([status, challenge]).toEqual([401, 'Bearer realm="notes", scope="demo:read"']);
});

it.each<[string, () => Promise<string>]>([
  ['nonsense', () => Promise.resolve('a.b.c')],
  ['signed by somebody else', () => token({}, 'at+jwt', strangers.privateKey)],
  ['for another server', () => token({ aud: 'https://other.example' })],
  ['of another issuer', () => token({ iss: 'https://other.example' })],
  ['an ID token', () => token({}, 'JWT')],
  ['expired', () => token({ exp: Math.floor(Date.now() / 1_000) - 60 })],
  ['bound to a key', () => token({ cnf: { jkt: 'x' } })],
  ['without a place in a list', () => token({ status: undefined })],
  ['with a place that is none', () => token({ status: { status_list: { idx: -1, uri: `${issuer}/status-lists/0` } } })],
])('refuses a token that is %s, and asks for no list', async (_what, make) => {
  const { status, challenge } = await notes(await make());
  expect([status, challenge]).toEqual([401, 'Bearer realm="notes", scope="demo:read", error="invalid_token"']);
  expect(list.requests).toBe(0);
});

it('refuses a token short of scope', async () => {
  expect(await notes(await token({ scope: 'openid' }))).toMatchObject({ status: 403 });
});

it('refuses a revoked token, and no other of the list', async () => {
  list.revoked = [9];
  expect(await notes(await token())).toMatchObject({ status: 401 });
  const other = { status: { status_list: { idx: 8, uri: `${issuer}/status-lists/0` } } };
  expect(await notes(await token(other))).toMatchObject({ status: 200 });
});

it('goes by a list for its ttl, however many ask', async () => {
  const bearer = await token();
  await Promise.all(Array.from({ length: 10 }, () => notes(bearer)));
  expect(list.requests).toBe(1);
});

it('asks anew when the ttl is over', async () => {
  list.ttl = 0;
  const bearer = await token();
  expect(await notes(bearer)).toMatchObject({ status: 200 });
  list.revoked = [9];
  expect(await notes(bearer)).toMatchObject({ status: 401 });
});

it('keeps what was read while an older request for it failed', async () => {
  const bearers = await Promise.all(
    Array.from({ length: 101 }, (_, number) =>
      token({ status: { status_list: { idx: 9, uri: `${issuer}/status-lists/${String(number)}` } } }),
    ),
  );
  let fail: () => void = () => undefined;
  const hold = new Promise<void>((resolve) => (fail = resolve));
  Object.assign(list, { status: 503, hold });
  const older = notes(bearers[0]);
  while (list.requests === 0) await new Promise((resolve) => setImmediate(resolve));
  list = { ...list, status: 200, hold: undefined };
  // So many that the first is asked for anew.
  for (const bearer of bearers.slice(1)) await notes(bearer);
  expect(await notes(bearers[0])).toMatchObject({ status: 200 });
  fail();
  expect(await older).toMatchObject({ status: 503 });
  const { requests } = list;
  expect(await notes(bearers[0])).toMatchObject({ status: 200 });
  expect(list.requests).toBe(requests);
});

it.each<[string, () => void]>([
  ['is signed by somebody else', () => (list.key = strangers.privateKey)],
  ['is of another place', () => (list.claims = { sub: 'https://id.example/status-lists/1' })],
  ['has expired', () => (list.claims = { exp: Math.floor(Date.now() / 1_000) - 60 })],
  [
    'has another form',
    () => (list.claims = { status_list: { bits: 2, lst: deflateSync(new Uint8Array(8)).toString('base64url') } }),
  ],
  ['is not compressed', () => (list.claims = { status_list: { bits: 1, lst: 'AAAA' } })],
  ['is far too large', () => (list.claims = { status_list: { bits: 1, lst: bomb() } })],
  [
    'is too short',
    () => (list.claims = { status_list: { bits: 1, lst: deflateSync(Buffer.of(0)).toString('base64url') } }),
  ],
  ['cannot be had', () => (list.status = 503)],
])('says neither yes nor no where the list %s', async (_what, prepare) => {
  list.ttl = 0;
  prepare();
  expect(await notes(await token())).toMatchObject({ status: 503 });
  list = { ...list, key: keys.privateKey, claims: {}, status: 200 };
  expect(await notes(await token())).toMatchObject({ status: 200 });
});

const bomb = () => deflateSync(Buffer.alloc(2 * 1024 * 1024)).toString('base64url');

it('asks nobody but its provider', async () => {
  const elsewhere = {
    status: { status_list: { idx: 9, uri: `${issuer.replace('127.0.0.1', 'localhost')}/status-lists/0` } },
  };
  expect(await notes(await token(elsewhere))).toMatchObject({ status: 503 });
  expect(list.requests).toBe(0);
});
