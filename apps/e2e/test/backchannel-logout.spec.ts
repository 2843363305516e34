import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readId, sessionId, sidOf, type FailpointName } from '@signet/contracts';
import { decodeJwt, type JWTPayload } from 'jose';
import * as openid from 'openid-client';
import pg from 'pg';
import {
  Administrator,
  afterLogout,
  AuditLog,
  BackChannels,
  codeClient,
  consoleClient,
  developmentTls,
  Plane,
  RelyingParty,
  twinTenants,
  until,
  verifyLogoutToken,
  type Call,
  type SignedIn,
} from '../src/index.js';

const secret = 'back-channel-secret-of-thirty-two';
const clients = ['first', 'second'] as const;
type Client = (typeof clients)[number];

let plane: Plane;
let channels: BackChannels;
let database: pg.Pool;
const parties = {} as Record<Client, RelyingParty>;

beforeAll(async () => {
  const tls = await developmentTls(mkdtempSync(path.join(tmpdir(), 'signet-e2e-back-')));
  channels = await BackChannels.open(tls);
  const told = clients.map((clientId) =>
    codeClient(clientId, {
      client_secret: secret,
      backchannel_logout_uri: channels.of(clientId),
      backchannel_logout_session_required: true,
    }),
  );
  plane = await Plane.start({
    ...{ form: 'one process', failpoints: true },
    configuration: twinTenants([...told, consoleClient]),
    env: { SIGNET_OUTBOUND_ALLOW: channels.origin, SIGNET_OUTBOUND_CA: tls.ca },
  });
  database = new pg.Pool({ connectionString: plane.database.url, max: 1, allowExitOnIdle: true });
  for (const clientId of clients)
    parties[clientId] = await RelyingParty.discover(plane.issuer, clientId, openid.ClientSecretBasic(secret));
}, 120_000);
afterAll(async () => {
  await database.end();
  await plane.stop();
  await channels.close();
});

/** Alice at both clients, in one browser and one session. */
async function signedIn(): Promise<Readonly<Record<Client, SignedIn>>> {
  const first = await parties.first.signIn();
  return { first, second: await parties.second.signIn({}, first.agent) };
}

const signOut = ({ agent, idToken }: SignedIn) =>
  agent.open(
    openid.buildEndSessionUrl(parties.first.config, {
      ...{ id_token_hint: idToken, post_logout_redirect_uri: afterLogout, state: 'a state' },
    }),
  );

/** The claims of the token that a client was called with for this session, once all of it holds. */
async function calledWith(clientId: Client, { claims }: SignedIn, status: number | undefined): Promise<JWTPayload> {
  const call = await until(`${clientId} to be called`, () =>
    Promise.resolve(
      channels.calls.find(
        (each) => each.clientId === clientId && each.status === status && sidIn(each) === claims['sid'],
      ),
    ),
  );
  expect(call.contentType).toBe('application/x-www-form-urlencoded');
  expect([...call.form.keys()]).toEqual(['logout_token']);
  const token = await verifyLogoutToken(call.form.get('logout_token') ?? '', plane.issuer, clientId);
  expect(token.sub).toBe(claims.sub);
  return token;
}

const sidIn = ({ form }: Call) => decodeJwt(form.get('logout_token') ?? '')['sid'];

/** Every client has taken a token for its own sid. */
async function allAreTold(of: Readonly<Record<Client, SignedIn>>): Promise<void> {
  for (const clientId of clients) await calledWith(clientId, of[clientId], 200);
}

it('oidcc-backchannel-logout-discovery-endpoint-verification', () => {
  const metadata = parties.first.config.serverMetadata();
  expect(metadata.end_session_endpoint).toBe(`${plane.issuer}/logout`);
  expect(metadata['backchannel_logout_supported']).toBe(true);
  expect(metadata['backchannel_logout_session_supported']).toBe(true);
});

it('oidcc-backchannel-rp-initiated-logout', async () => {
  const session = await signedIn();
  const left = await signOut(session.first);
  expect(left.left?.href).toBe(`${afterLogout}?state=a+state`);
  await allAreTold(session);
  const silent = await parties.first.begin({ prompt: 'none' });
  const answer = await session.first.agent.open(silent.url);
  expect(answer.left?.searchParams.get('error')).toBe('login_required');
});

it('a client that does not answer holds nobody up: neither the person nor another client', async () => {
  channels.silent.add('first');
  const session = await signedIn();
  expect((await signOut(session.first)).left?.href).toBe(`${afterLogout}?state=a+state`);
  await calledWith('second', session.second, 200);
  const unanswered = await calledWith('first', session.first, undefined);
  channels.silent.delete('first');
  // It is told again, by a token of its own.
  expect((await calledWith('first', session.first, 200)).jti).not.toBe(unanswered.jti);
});

it('an administrator proves who was told, when, and what they answered', async () => {
  const session = await signedIn();
  await signOut(session.first);
  await allAreTold(session);
  const administrator = new Administrator(plane.issuer, `${plane.issuer}/token`);
  const list = async (query: string) => {
    const answer = await administrator.ask('GET', `/admin/v1/logout-deliveries?${query}`);
    return (answer.body?.['items'] ?? []) as Record<string, string>[];
  };
  const [latest] = await until('both to be written down', async () => {
    const items = await list('outcome=delivered&client=second&limit=1');
    const sid = session.second.claims['sid'];
    return items.some(({ session_id: shown = '' }) => sidOf(sessionId.parse(readId('ses', shown)), 'second') === sid)
      ? items
      : undefined;
  });
  expect(latest).toMatchObject({ client_id: 'second', outcome: 'delivered', attempts: 1, last_answer: '200' });
  const both = await list(`session=${latest?.['session_id'] ?? ''}`);
  expect(both.map(({ client_id: id }) => id).sort()).toEqual(['first', 'second']);
  expect(await list(`account=${latest?.['account_id'] ?? ''}&client=second&limit=1`)).toEqual([latest]);
  const read = await administrator.ask('GET', `/admin/v1/logout-deliveries/${latest?.['id'] ?? ''}`);
  expect(read.body).toEqual(latest);
  const nobody = await administrator.ask('GET', `/admin/v1/logout-deliveries/dlv_${'0'.repeat(32)}`);
  expect(nobody.status).toBe(404);
});

/** Where the process dies once a logout was acknowledged, as its clients are told. */
const telling: readonly `${FailpointName}${string}`[] = [
  'before-commit:session.delivery.claim',
  'after-commit:session.delivery.claim',
  'before-respond:signet.rpc.token.v1.logout-token.sign',
  'before-commit:session.delivery.mark-delivered',
  'after-commit:session.delivery.mark-delivered',
  'before-publish',
  'after-publish',
  'before-confirm:audit',
  'after-confirm:audit',
];

/** Where it dies as the session is ended: the person may not have heard of it, and asks again. */
const ending: readonly `${FailpointName}${string}`[] = [
  'before-commit:session.delivery.enqueue',
  'after-commit:session.delivery.enqueue',
  'before-raise:session',
  'after-raise:session',
  'before-respond:/logout',
];

describe('killed at a failpoint', () => {
  const part = () => plane.part('session');
  const dies = () => until('the process to die', () => Promise.resolve(!part().program.running || undefined));
  /** No attempt waits for its time, nor for the lease of a process that has died. */
  const timePasses = () =>
    database.query('update session.logout_delivery set next_attempt_at = clock_timestamp() where outcome is null');

  it.each(telling)(
    '%s: every client of an acknowledged logout is told',
    async (failpoint) => {
      const session = await signedIn();
      channels.status = 503;
      expect((await signOut(session.first)).left).toBeDefined();
      for (const clientId of clients) await calledWith(clientId, session[clientId], 503);
      part().dieAt(failpoint);

      channels.status = 200;
      await timePasses();
      await dies();
      await timePasses();
      await part().start();
      await allAreTold(session);
      await until('that to be written down', async () => {
        const { rows } = await database.query<{ left: number }>(
          `select count(*)::integer as left from session.logout_delivery where outcome is distinct from 'delivered'`,
        );
        return rows[0]?.left === 0 || undefined;
      });
    },
    90_000,
  );

  it.each(ending)(
    '%s: every client is told',
    async (failpoint) => {
      const session = await signedIn();
      part().dieAt(failpoint);
      if (part().program.running) await signOut(session.first).catch(() => undefined);
      await dies();
      await part().start();
      await timePasses();
      expect((await signOut(session.first)).left).toBeDefined();
      await allAreTold(session);
    },
    90_000,
  );

  it('lost no event of it', async () => {
    const log = new AuditLog(plane);
    await log.settled();
    const told = new Map<string, number[]>();
    for (const { aggregate, version } of await log.entries()) {
      if (!aggregate.includes(' logout-delivery:')) continue;
      told.set(aggregate, [...(told.get(aggregate) ?? []), version]);
    }
    expect(told.size).toBeGreaterThanOrEqual(2 * (telling.length + ending.length));
    for (const versions of told.values()) expect(versions).toEqual(versions.map((_, index) => index + 1));
  }, 90_000);
});
