import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventId, issueGrant, newId, raiseFloors, type AccountId, type Floor, type SessionId } from '@signet/contracts';
import { MeshError } from '@signet/messaging';
import { DatabaseUnavailable } from '@signet/persistence';
import { FloorStore } from '../src/floors/store/floor-store.js';
import {
  basic,
  codeOf,
  get,
  isActive,
  path,
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
import { eventually } from './support/eventually.js';
import { runTokenReplicas, type Replica, type TokenReplicas } from './support/token-replicas.js';

let mesh: TokenReplicas;
let acme: Population;
beforeAll(async () => {
  mesh = await runTokenReplicas();
  acme = await populate(mesh);
});
afterAll(() => mesh.stop());

const confidential = () => ({ authorization: acme.authorization });
const token = (fields: Record<string, string>, headers: Record<string, string> = confidential(), replica?: Replica) =>
  post(replica ?? mesh.replicas[0], '/token', fields, headers);
const now = () => mesh.replicas[0].service.parts.database.now();

type Kind<K> = Omit<Extract<Floor, { kind: K }>, 'raiseId' | 'tenantId' | 'reason'>;
const raise = (
  floor:
    | Kind<'account'>
    | Kind<'session'>
    | Kind<'client'>
    | Kind<'tenant'>
    | Kind<'client_version'>
    | Kind<'tenant_version'>,
) =>
  mesh.ask(raiseFloors, {
    floors: [{ raiseId: newId(eventId), tenantId: acme.tenant.id, reason: 'test', ...floor }],
    context: { actor: 'service:directory' },
  });

/** The second that a replica has. */
const withinASecond = (holds: () => Promise<boolean>) => eventually(holds, 1_000);

const deadEverywhere = (jwt: string) =>
  withinASecond(async () => {
    const seen = await Promise.all([isActive(mesh, acme, jwt, 0), isActive(mesh, acme, jwt, 1)]);
    return seen.every((active) => active === false);
  });

/** Keeps a replica from reading floors until it is let go on. */
function hold(replica: Replica): () => void {
  const store = replica.service.app.get(FloorStore);
  const original = store.poll.bind(store);
  let release: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (release = resolve));
  store.poll = async (since, limit) => {
    await gate;
    return original(since, limit);
  };
  return () => {
    store.poll = original;
    release();
  };
}

describe('a floor, once raised, is seen by every replica', () => {
  it.each<[string, (p: { session: SessionId; account: AccountId; expires: number }) => Promise<unknown>]>([
    [
      'a session',
      ({ session, expires }) => raise({ kind: 'session', sessionId: session, expiresAt: expires as never }),
    ],
    ['an account', ({ account }) => raise({ kind: 'account', accountId: account })],
    ['a client', () => raise({ kind: 'client', clientId: 'shop' })],
    ['a tenant', () => raise({ kind: 'tenant' })],
  ])('over %s', async (_case, end) => {
    const { code, request } = await codeOf(mesh, acme);
    const { code: unspent } = await codeOf(mesh, acme, { authentication: request.authentication });
    const tokens = (await token(redemption(code))).body as unknown as Tokens;
    const { sessionId: session, accountId: account, sessionExpiresAt } = request.authentication;
    await end({ session, account, expires: sessionExpiresAt });
    expect(await deadEverywhere(tokens.access_token)).toBe(true);
    const userinfo = await get(mesh.replicas[1], '/userinfo', { authorization: `Bearer ${tokens.access_token}` });
    expect(userinfo.status).toBe(401);
    expect(userinfo.headers.get('www-authenticate')).toContain('error="invalid_token"');
    expect(await isActive(mesh, acme, tokens.refresh_token)).toBe(false);
    // Nothing more comes of it, at whichever replica.
    for (const replica of mesh.replicas) {
      expect((await token(refresh(tokens.refresh_token), confidential(), replica)).body).toMatchObject({
        error: 'invalid_grant',
      });
      expect((await token(redemption(unspent), confidential(), replica)).body).toMatchObject({
        error: 'invalid_grant',
      });
    }
    const again = signInOf(acme, now(), { authentication: request.authentication });
    expect(await mesh.ask(issueGrant, again.request)).toMatchObject({ outcome: 'dead' });
    // A new sign-in begins anew.
    const next = await tokensOf(mesh, acme);
    expect(await isActive(mesh, acme, next.access_token)).toBe(true);
  });

  it('and survives the restart of all', async () => {
    const { code, request } = await codeOf(mesh, acme);
    const tokens = (await token(redemption(code))).body as unknown as Tokens;
    const { sessionId, sessionExpiresAt } = request.authentication;
    await raise({ kind: 'session', sessionId, expiresAt: sessionExpiresAt });
    const fresh = await mesh.start();
    expect((await post(fresh, '/introspect', { token: tokens.access_token }, confidential())).body).toEqual({
      active: false,
    });
    await fresh.stop();
  });

  it('while an offline grant outlives its session, and its account not', async () => {
    const { code, request } = await codeOf(mesh, acme, { scopes: ['openid', 'offline_access'] });
    const tokens = (await token(redemption(code))).body as unknown as Tokens;
    const { sessionId, accountId, sessionExpiresAt } = request.authentication;
    await raise({ kind: 'session', sessionId, expiresAt: sessionExpiresAt });
    const next = (await token(refresh(tokens.refresh_token))).body as unknown as Tokens;
    expect(await isActive(mesh, acme, next.access_token, 1)).toBe(true);
    await raise({ kind: 'account', accountId, spare: { sessionId, since: request.authentication.since } });
    expect(await deadEverywhere(next.access_token)).toBe(true);
    expect((await token(refresh(next.refresh_token))).body).toMatchObject({ error: 'invalid_grant' });
  });

  it('sparing one session with what is online in it', async () => {
    const { code, request } = await codeOf(mesh, acme);
    const spared = (await token(redemption(code))).body as unknown as Tokens;
    const other = await tokensOf(mesh, acme);
    const { sessionId, accountId, since } = request.authentication;
    await raise({ kind: 'account', accountId, spare: { sessionId, since } });
    expect(await deadEverywhere(other.access_token)).toBe(true);
    expect(await isActive(mesh, acme, spared.access_token, 1)).toBe(true);
    expect((await token(refresh(spared.refresh_token))).status).toBe(200);
  });
});

it('of a change and sign-ins in parallel, nothing that read rights before it lives after it', async () => {
  const tokens: string[] = [];
  const before = now();
  const signIn = async (index: number) => {
    // Told that it cannot be answered now, it has nothing that could live.
    const asked = await codeOf(mesh, acme).catch((error: unknown) => {
      if (error instanceof MeshError && error.code === 'unavailable') return undefined;
      throw error;
    });
    if (asked?.answer.outcome !== 'issued') return;
    const { code } = asked;
    const replica = mesh.replicas[index % 2 === 0 ? 0 : 1];
    const { status, body } = await token(redemption(code), confidential(), replica);
    if (status === 200) tokens.push(String(body['access_token']));
  };
  // As many as the two replicas have connections: those beyond would wait for one, and be refused after a second of a busy machine.
  const begun = Array.from({ length: 12 }, (_, index) => signIn(index));
  await Promise.race(begun);
  expect(tokens).not.toEqual([]);
  const raised = raise({ kind: 'account', accountId: acme.alice.accountId });
  await Promise.all([...begun, raised, ...Array.from({ length: 4 }, (_, index) => signIn(index))]);
  expect(now()).toBeGreaterThan(before);
  for (const jwt of tokens) expect(await deadEverywhere(jwt)).toBe(true);
});

it('a token that the staler replica mints for a client lies under the floor that it has not seen', async () => {
  const [first, stale] = mesh.replicas;
  const robot = { authorization: basic('robot', secret) };
  const mint = (replica: Replica) => token({ grant_type: 'client_credentials', scope: 'demo:read' }, robot, replica);
  const seen = async (replica: Replica, jwt: string) =>
    (await post(replica, '/introspect', { token: jwt }, robot)).body['active'];
  let minted: string | undefined;
  // It may be the one that raised the floor, or its 800 ms may be over before it is asked: then it waits for a poll.
  for (let attempt = 0; attempt < 10 && minted === undefined; attempt++) {
    expect(await mint(stale)).toMatchObject({ status: 200 });
    const release = hold(stale);
    await raise({ kind: 'client', clientId: 'robot' });
    const timer = setTimeout(release, 900);
    const before = performance.now();
    const late = await mint(stale);
    expect(late).toMatchObject({ status: 200 });
    if (performance.now() - before < 500) minted = String(late.body['access_token']);
    clearTimeout(timer);
    release();
  }
  if (minted === undefined) throw new Error('the replica never answered by what it knew before');
  const jwt = minted;
  expect(
    await withinASecond(async () => (await seen(first, jwt)) === false && (await seen(stale, jwt)) === false),
  ).toBe(true);
  expect(await mint(stale)).toMatchObject({ status: 200 });
});

it('a replica that cannot read floors answers nothing, and recovers by itself', async () => {
  const tokens = await tokensOf(mesh, acme);
  const [, blind] = mesh.replicas;
  const store = blind.service.app.get(FloorStore);
  const original = store.poll.bind(store);
  store.poll = () => Promise.reject(new DatabaseUnavailable('a test'));
  const userinfo = () => get(blind, '/userinfo', { authorization: `Bearer ${tokens.access_token}` });
  expect(await withinASecond(async () => (await userinfo()).status === 503)).toBe(true);
  const refused = await userinfo();
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(
    (await token({ grant_type: 'client_credentials' }, { authorization: basic('robot', secret) }, blind)).status,
  ).toBe(503);
  store.poll = original;
  expect((await userinfo()).status).toBe(200);
});

it('a copy of a client that is older than a committed change is used nowhere', async () => {
  mesh.directory.clients.push({ ...acme.robot, clientId: 'changing' });
  const robot = { authorization: basic('changing', secret) };
  const mint = (replica: Replica) => token({ grant_type: 'client_credentials', scope: 'demo:read' }, robot, replica);
  for (const replica of mesh.replicas) expect((await mint(replica)).status).toBe(200);
  const index = mesh.directory.clients.findIndex(({ clientId }) => clientId === 'changing');
  mesh.directory.clients[index] = { ...acme.robot, clientId: 'changing', version: 2, enabled: false };
  await raise({ kind: 'client_version', clientId: 'changing', version: 2 });
  for (const replica of mesh.replicas)
    expect(await withinASecond(async () => (await mint(replica)).status === 401)).toBe(true);
  mesh.directory.away = true;
  for (const replica of mesh.replicas) expect((await mint(replica)).status).toBe(401);
  mesh.directory.away = false;
});

it('a disabled tenant gives nothing from a copy of before, and an enabled one goes on', async () => {
  const globex = await populate(mesh, 'globex');
  const robot = { authorization: basic('robot', secret) };
  const mint = (replica: Replica) =>
    post(replica, path(globex.tenant, '/token'), { grant_type: 'client_credentials', scope: 'demo:read' }, robot);
  const becomes = async (version: number, enabled: boolean) => {
    const index = mesh.directory.tenants.findIndex(({ id }) => id === globex.tenant.id);
    mesh.directory.tenants[index] = { ...globex.tenant, version, enabled };
    await mesh.ask(raiseFloors, {
      // Its own floor, which ends what it had, is left out: a token that begins after it would live.
      floors: [
        { raiseId: newId(eventId), tenantId: globex.tenant.id, reason: 'test', kind: 'tenant_version', version },
      ],
      context: { actor: 'service:directory' },
    });
  };
  for (const replica of mesh.replicas) expect((await mint(replica)).status).toBe(200);
  // Its branding has changed: both replicas read it anew.
  await becomes(2, true);
  for (const replica of mesh.replicas) expect((await mint(replica)).status).toBe(200);
  await becomes(3, false);
  const refused = async (replica: Replica) => (await mint(replica)).status === 401;
  for (const replica of mesh.replicas) expect(await withinASecond(() => refused(replica))).toBe(true);
  // No event has told the replicas, whose copies say that it is enabled; and now there is nobody to ask.
  mesh.directory.away = true;
  for (const replica of mesh.replicas) expect((await mint(replica)).status).toBe(401);
  mesh.directory.away = false;
});

it('while token is away nobody is told that a right is gone; when it is back, the repeat holds', async () => {
  const { code, request } = await codeOf(mesh, acme);
  const tokens = (await token(redemption(code))).body as unknown as Tokens;
  for (const replica of mesh.replicas) await replica.stop();
  const floor: Floor = {
    kind: 'session',
    raiseId: newId(eventId),
    tenantId: acme.tenant.id,
    reason: 'logout',
    sessionId: request.authentication.sessionId,
    expiresAt: request.authentication.sessionExpiresAt,
  };
  await expect(mesh.ask(raiseFloors, { floors: [floor] })).rejects.toMatchObject({ code: 'unavailable' });
  const back = await mesh.start();
  // As the owner does, until it is confirmed; and once more, since it may not have heard.
  const confirmed = () => mesh.ask(raiseFloors, { floors: [floor] }).then(Boolean, () => false);
  expect(await eventually(confirmed)).toBe(true);
  await mesh.ask(raiseFloors, { floors: [floor] });
  expect((await post(back, '/introspect', { token: tokens.access_token }, confidential())).body).toEqual({
    active: false,
  });
  const raised = (await mesh.recorded('signet.token.revocation.raised.v1')).filter(
    ({ data }) => (data as { raise: string }).raise === floor.raiseId,
  );
  expect(raised).toHaveLength(1);
});
