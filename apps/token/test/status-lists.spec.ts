import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventId, issueGrant, newId, raiseFloors, type AccountId, type Floor, type GrantId } from '@signet/contracts';
import { importVerificationKey, verifyJwt, type PublicJwk } from '@signet/keys';
import { DEVICE_CODE_GRANT_TYPE } from '@signet/protocol';
import { approve, beginDevice, deviceRedemption } from './support/devices.js';
import { eventually } from './support/eventually.js';
import {
  api,
  basic,
  claimsOf,
  codeOf,
  get,
  headerOf,
  meddle,
  populate,
  post,
  redemption,
  refresh,
  secret,
  signInOf,
  tokensOf,
  type Population,
  type Tokens,
} from './support/population.js';
import { severable } from './support/severable.js';
import { listAt, placeOf, statusOf, wantStatusLists } from './support/status-lists.js';
import { issuer, runTokenReplicas, type Replica, type TokenReplicas } from './support/token-replicas.js';

let mesh: TokenReplicas;
let acme: Population;
let replica: Replica;
beforeAll(async () => {
  mesh = await runTokenReplicas();
  acme = await populate(mesh);
  wantStatusLists(mesh, acme);
  mesh.directory.clients.push({ ...acme.shop, clientId: 'tv', grantTypes: [DEVICE_CODE_GRANT_TYPE, 'refresh_token'] });
  [replica] = mesh.replicas;
});
afterAll(() => mesh.stop());

const shop = () => ({ authorization: acme.authorization });
const robot = { authorization: basic('robot', secret) };
const tv = { authorization: basic('tv', secret) };
const scopes = ['openid', 'offline_access', 'demo:read'];

const codeTokens = (changes: Parameters<typeof codeOf>[2] = {}) => tokensOf(mesh, acme, { scopes, ...changes });
const refreshed = async (token: string | undefined, fields: Record<string, string> = {}): Promise<Tokens> => {
  const { status, body } = await post(replica, '/token', refresh(token, fields), shop());
  expect(status).toBe(200);
  return body as unknown as Tokens;
};
const ownToken = async (): Promise<string> =>
  String((await post(replica, '/token', { grant_type: 'client_credentials' }, robot)).body['access_token']);
const frontToken = async (changes: object = {}): Promise<string> => {
  const { request } = signInOf(acme, replica.service.parts.database.now(), { scopes });
  const asked = { ...request, code: undefined, front: { accessToken: true as const }, ...changes };
  const issued = await mesh.ask(issueGrant, asked);
  return (issued.outcome === 'issued' && issued.front?.accessToken?.token) || '';
};
const deviceToken = async (): Promise<string> => {
  const device = await beginDevice(mesh, acme, tv, { scope: 'openid offline_access demo:read' });
  await approve(mesh, acme, device, 'tv', { scopes });
  return String((await post(replica, '/token', deviceRedemption(device), tv)).body['access_token']);
};
const entryOf = async (jwt: string) => {
  const [entry] = await mesh.database.query<Record<string, string | null>>(
    'select * from token.status_entry where jti = $1',
    [String(claimsOf(jwt)['jti'])],
  );
  return entry;
};

describe('an access token for a resource server with status lists', () => {
  it.each<[string, () => Promise<string>]>([
    ['of a code', async () => (await codeTokens()).access_token],
    ['of a refresh token', async () => (await refreshed((await codeTokens()).refresh_token)).access_token],
    ['of a device', deviceToken],
    ['of the front channel', frontToken],
    ['of a client itself', ownToken],
  ])('%s names its place, kept with what it rests on', async (_case, issue) => {
    const jwt = await issue();
    const place = placeOf(jwt);
    expect(place).toEqual({ idx: expect.any(Number), uri: `${issuer}/status-lists/0` });
    expect(await entryOf(jwt)).toMatchObject({ tenant_id: acme.tenant.id, index: String(place?.idx) });
    expect(await statusOf(replica, jwt)).toBe(0);
  });

  it('online rests on its session, offline on none', async () => {
    const { code, request } = await codeOf(mesh, acme, { scopes: ['openid', 'demo:read'] });
    const online = (await post(replica, '/token', redemption(code), shop())).body as unknown as Tokens;
    expect(await entryOf(online.access_token)).toMatchObject({ session_id: request.authentication.sessionId });
    expect(await entryOf((await codeTokens()).access_token)).toMatchObject({ session_id: null });
  });

  it.each<[string, () => Promise<string>]>([
    ['whose scopes lead elsewhere', async () => (await codeTokens({ scopes: ['openid'] })).access_token],
    [
      'that a refresh narrows to elsewhere',
      async () => (await refreshed((await codeTokens()).refresh_token, { scope: 'openid' })).access_token,
    ],
    ['of the front channel for elsewhere', () => frontToken({ scopes: ['openid'] })],
  ])('%s has none, and nothing is kept of it', async (_case, issue) => {
    const jwt = await issue();
    expect(claimsOf(jwt)).toMatchObject({ aud: issuer });
    expect(placeOf(jwt)).toBeUndefined();
    expect(await entryOf(jwt)).toBeUndefined();
  });

  it('asked for by resource has its place, too', async () => {
    const jwt = (await codeTokens({ resources: [api] })).access_token;
    expect(claimsOf(jwt)).toMatchObject({ aud: api });
    expect(placeOf(jwt)).toBeDefined();
  });

  it('has a place of its own, whichever replica gives it, and however many at once', async () => {
    // Of so many at once a busy machine answers some with 503, which says to repeat.
    const issue = async (at: Replica): Promise<ReturnType<typeof placeOf>> => {
      const { status, body } = await post(at, '/token', { grant_type: 'client_credentials' }, robot);
      return status === 503 ? issue(at) : placeOf(String(body['access_token']));
    };
    const places = await Promise.all(
      Array.from({ length: 160 }, (_, one) => issue(mesh.replicas[one % 2 === 0 ? 0 : 1])),
    );
    expect(new Set(places.map((place) => place?.idx)).size).toBe(160);
  });
});

it('a place is no statement of its own', async () => {
  const tokens = await codeTokens();
  const { code } = await codeOf(mesh, acme, { scopes });
  await ownToken();
  await replica.statements();
  await post(replica, '/token', redemption(code), shop());
  expect(await replica.statements()).toEqual({ 'token.code.redeem': 1 });
  await refreshed(tokens.refresh_token);
  expect(await replica.statements()).toEqual({ 'token.family.rotate': 1 });
  // Whichever replica is asked.
  await mesh.replicas[1].statements();
  await frontToken();
  const counts = await Promise.all(mesh.replicas.map((one) => one.statements()));
  expect(Object.assign({}, ...counts)).toEqual({ 'token.grant.issue': 1 });
  await Promise.all([ownToken(), ownToken(), ownToken()]);
  expect((await replica.statements())['token.status-entry.record-many']).toBeLessThanOrEqual(3);
});

type Kind<K> = Omit<Extract<Floor, { kind: K }>, 'raiseId' | 'tenantId' | 'reason'>;
type Raised = Kind<'session'> | Kind<'grant'> | Kind<'account'> | Kind<'client'> | Kind<'tenant'>;
const raise = (floor: Raised) =>
  mesh.ask(raiseFloors, {
    floors: [{ raiseId: newId(eventId), tenantId: acme.tenant.id, reason: 'test', ...floor }],
    context: { actor: 'service:directory' },
  });

describe('a revocation is in the list within a second, at every replica', () => {
  const invalidEverywhere = (jwt: string) =>
    eventually(async () => {
      const seen = await Promise.all(mesh.replicas.map((one) => statusOf(one, jwt)));
      return seen.every((status) => status === 1);
    }, 1_000);

  it.each<[string, (entry: Record<string, string | null>, tokens: Tokens) => Promise<unknown>]>([
    ['of the token', (_entry, tokens) => post(replica, '/revoke', { token: tokens.access_token }, shop())],
    [
      'of its refresh token',
      (_entry, tokens) => post(replica, '/revoke', { token: tokens.refresh_token ?? '' }, shop()),
    ],
    ['of the grant', (entry) => raise({ kind: 'grant', grantId: entry['grant_id'] as GrantId })],
    ['of the account', (entry) => raise({ kind: 'account', accountId: entry['account_id'] as AccountId })],
    ['of the client', () => raise({ kind: 'client', clientId: 'shop' })],
    ['of the tenant', () => raise({ kind: 'tenant' })],
  ])('%s', async (_case, revoke) => {
    const tokens = await codeTokens();
    const kept = (await codeTokens()).access_token;
    // Both replicas have a list of before.
    for (const one of mesh.replicas) expect(await statusOf(one, tokens.access_token)).toBe(0);
    await revoke((await entryOf(tokens.access_token)) ?? {}, tokens);
    expect(await invalidEverywhere(tokens.access_token)).toBe(true);
    if (['of the token', 'of its refresh token'].includes(_case)) expect(await statusOf(replica, kept)).toBe(0);
  });

  it('of the session, of what is online alone', async () => {
    const { request, code } = await codeOf(mesh, acme, { scopes: ['openid', 'demo:read'] });
    const { authentication } = request;
    const online = (await post(replica, '/token', redemption(code), shop())).body as unknown as Tokens;
    const offline = (await codeTokens({ authentication })).access_token;
    const { sessionExpiresAt: expiresAt } = authentication;
    await raise({ kind: 'session', sessionId: authentication.sessionId, expiresAt });
    expect(await invalidEverywhere(online.access_token)).toBe(true);
    expect(await statusOf(replica, offline)).toBe(0);
  });

  it('of a client, of its own tokens', async () => {
    const jwt = await ownToken();
    await raise({ kind: 'client', clientId: 'robot' });
    expect(await invalidEverywhere(jwt)).toBe(true);
  });
});

// draft-ietf-oauth-status-list section 8
describe('/status-lists', () => {
  const uri = `${issuer}/status-lists/0`;
  beforeEach(() => ownToken());

  it('serves a signed list that says for how long it may be gone by', async () => {
    const answer = await listAt(replica, uri, { origin: 'https://api.example' });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/statuslist+jwt']);
    expect(answer.headers.get('cache-control')).toBe('private, max-age=1');
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    const jwt = await answer.text();
    expect(headerOf(jwt)).toMatchObject({ alg: 'ES256', typ: 'statuslist+jwt' });
    const keys = (await get(replica, '/jwks')).body['keys'] as PublicJwk[];
    const { kid } = headerOf(jwt);
    const key = keys.find((one) => one.kid === kid);
    if (key === undefined) throw new Error('the list is signed with a key that is not published');
    const now = Math.floor(replica.service.parts.database.now() / 1_000_000);
    const expected = { typ: 'statuslist+jwt', issuer, algorithms: ['ES256'] as const, now };
    const verified = verifyJwt({ jwt, keys: () => importVerificationKey(key), ...expected });
    expect(verified).toMatchObject({ ok: true, claims: { sub: uri, ttl: 1, status_list: { bits: 1 } } });
    const { iat, exp } = claimsOf(jwt) as { iat: number; exp: number };
    expect(exp - iat).toBe(60);
  });

  it.each<[string, string, Record<string, string>, number]>([
    ['a list that there is not', `${issuer}/status-lists/7`, {}, 404],
    ['no number', `${issuer}/status-lists/x`, {}, 404],
    ['a number with another text', `${issuer}/status-lists/00`, {}, 404],
    ['a number beyond all', `${issuer}/status-lists/99999999999999999999`, {}, 404],
    ['a tenant that there is not', `${issuer}/status-lists/t/nobody/0`, {}, 404],
    ['a tenant that has none', `${issuer}/status-lists/t/globex/0`, {}, 404],
    ['the form for CBOR', uri, { accept: 'application/statuslist+cwt' }, 406],
  ])('answers to %s', async (_case, asked, headers, status) => {
    if (asked.includes('globex') && !mesh.directory.tenants.some(({ slug }) => slug === 'globex'))
      await populate(mesh, 'globex');
    expect((await listAt(replica, asked, headers)).status).toBe(status);
  });

  it('has no lists of the past', async () => {
    expect((await fetch(`${replica.origin}/status-lists/0?time=1686925000`)).status).toBe(501);
  });

  it('of another tenant are its own', async () => {
    const initech = await populate(mesh, 'initech');
    wantStatusLists(mesh, initech);
    const jwt = (await tokensOf(mesh, initech, { scopes })).access_token;
    expect(placeOf(jwt)?.uri).toBe(`${issuer}/status-lists/t/initech/0`);
    expect(await statusOf(replica, jwt)).toBe(0);
    const list = claimsOf(await (await listAt(replica, placeOf(jwt)?.uri ?? '')).text());
    expect(list).toMatchObject({ iss: `${issuer}/t/initech`, sub: placeOf(jwt)?.uri });
  });

  it('is gone when all of its tokens have expired', async () => {
    const hooli = await populate(mesh, 'hooli');
    wantStatusLists(mesh, hooli);
    const jwt = (await tokensOf(mesh, hooli, { scopes })).access_token;
    expect(await statusOf(replica, jwt)).toBe(0);
    const past = `update token.status_entry set expires_at = now() where tenant_id = '${hooli.tenant.id}'`;
    await meddle(mesh, past);
    const gone = async () => (await listAt(replica, placeOf(jwt)?.uri ?? '')).status === 404;
    expect(await eventually(gone, 1_000)).toBe(true);
  });

  it('shares one build among all that ask at once', async () => {
    await eventually(async () => {
      await replica.statements();
      await Promise.all(Array.from({ length: 20 }, () => listAt(replica, uri)));
      // Two where half a second ends among them.
      return (await replica.statements())['token.status-list.build'] === 1;
    });
    await Promise.all(Array.from({ length: 20 }, () => listAt(replica, uri)));
    expect((await replica.statements())['token.status-list.build'] ?? 0).toBeLessThanOrEqual(1);
  });

  it('of a number beyond all that have begun costs no build, and no statement soon after', async () => {
    await listAt(replica, `${issuer}/status-lists/1000`);
    await replica.statements();
    const beyond = await Promise.all(
      Array.from({ length: 20 }, (_, one) => listAt(replica, `${issuer}/status-lists/${1_000 + one}`)),
    );
    expect(new Set(beyond.map(({ status }) => status))).toEqual(new Set([404]));
    const { 'token.status-lease.read': reads = 0, ...others } = await replica.statements();
    expect(others).toEqual({});
    // What was read may be a second old by now.
    expect(reads).toBeLessThanOrEqual(2);
  });

  it('of the next number is there as soon as a token is in it', async () => {
    const umbrella = await populate(mesh, 'umbrella');
    wantStatusLists(mesh, umbrella);
    const uri = `${issuer}/status-lists/t/umbrella/0`;
    expect((await listAt(replica, uri)).status).toBe(404);
    const jwt = (await tokensOf(mesh, umbrella, { scopes })).access_token;
    expect(await statusOf(replica, jwt)).toBe(0);
  });

  it('without Postgres is 503, until it is back', async () => {
    const way = await severable(mesh.database.serviceUrl('token'));
    const cut = await mesh.start(way.url);
    expect((await listAt(cut, uri)).status).toBe(200);
    way.sever();
    expect(await eventually(async () => (await listAt(cut, uri)).status === 503)).toBe(true);
    expect((await listAt(cut, uri)).headers.get('retry-after')).toBe('1');
    way.mend();
    expect(await eventually(async () => (await listAt(cut, uri)).status === 200)).toBe(true);
    await cut.stop();
    await way.stop();
  });
});
