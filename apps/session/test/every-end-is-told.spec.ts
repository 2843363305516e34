import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  accountId,
  createSession,
  newId,
  rfc3339,
  sessionEnded,
  sessionId,
  sessionJoined,
  tenantId,
  type AccountId,
  type Envelope,
  type Micros,
  type SessionId,
  type TenantId,
} from '@signet/contracts';
import { ErasureController } from '../src/ending/erasure.controller.js';
import { RevocationFollower } from '../src/ending/revocation-follower.js';
import { sweep } from '../src/ending/session-sweep.js';
import { SessionRequests } from '../src/session/session-requests.js';
import { endById, endOne } from '../src/store/end-session.js';
import { resolve } from '../src/store/resolve-session.js';
import { referenceOf, sessionDatabase, type SessionDatabase } from './session-database.js';

let sessions: SessionDatabase;
beforeAll(async () => {
  sessions = await sessionDatabase();
});
afterAll(() => sessions.stop());

interface Ending {
  readonly tenant: TenantId;
  readonly account: AccountId;
  readonly session: SessionId;
}

const context = { actor: 'anonymous' } as const;
const requests = () => new SessionRequests(sessions.database, sessions.events, sessions.ending);
const erasure = () => new ErasureController(sessions.database, sessions.events, sessions.ending);

const floorRaised = (tenant: TenantId, kind: string, key: string) =>
  new RevocationFollower(sessions.ending).apply({
    envelope: {
      tenant,
      time: rfc3339((sessions.database.now() + 1_000_000) as Micros),
      data: { kind, key, raise: 'r' },
    } as unknown as Envelope,
  });

const deliveries = (tenant: TenantId) =>
  sessions.suite.query<{ session_id: string; client_id: string; account_id: string | null; outcome: string | null }>(
    `select session_id, client_id, account_id, outcome from session.logout_delivery where tenant_id = $1 order by client_id`,
    [tenant],
  );

const ways: readonly (readonly [string, (ending: Ending) => Promise<unknown>])[] = [
  [
    'the person logs out',
    ({ tenant, session }) =>
      sessions.ending.end({
        statement: endOne,
        parameters: {
          ...{ tenantId: tenant, ...referenceOf(session) },
          ...{ reason: 'logout', exceptAccount: null },
        },
        ...{ reason: 'logout', context, raise: true },
      }),
  ],
  [
    'its time is over',
    async ({ session }) => {
      await sessions.meddle(`update session.session set idle_expires_at = clock_timestamp() from mark where id = $1`, [
        session,
      ]);
      await sweep(sessions.database, sessions.ending);
    },
  ],
  ['it is revoked', ({ tenant, session }) => floorRaised(tenant, 'session', session)],
  ['its account is ended', ({ tenant, account }) => floorRaised(tenant, 'account', account)],
  ['its tenant is ended', ({ tenant }) => floorRaised(tenant, 'tenant', '')],
  [
    'somebody else signs in at the browser',
    ({ tenant, session }) => {
      const next = newId(sessionId);
      const request = createSession.request.parse({
        ...{ tenantId: tenant, clientId: 'shop', accountId: newId(accountId), since: sessions.database.now() },
        session: referenceOf(next),
        replaces: referenceOf(session),
        ...{ acr: 'urn:signet:acr:password', amr: ['pwd'], context },
        ...{ lifetimes: { idle: 60, absolute: 600 }, remembered: false },
      });
      return requests().create(request);
    },
  ],
];

async function begun(): Promise<Ending> {
  const [tenant, account] = [newId(tenantId), newId(accountId)];
  const session = await sessions.begin({ tenantId: tenant, accountId: account });
  const asked = { tenantId: tenant, session: referenceOf(session), context };
  await requests().resolve({ ...asked, clientId: 'forum' });
  return { tenant, account, session };
}

it.each(ways)('each client of a session is to be told, once, where %s', async (_, end) => {
  const ending = await begun();
  const other = await begun();
  await end(ending);
  await end(ending);
  const { tenant, account, session } = ending;
  const told = { session_id: session, account_id: account, outcome: null };
  expect(await deliveries(tenant)).toEqual([
    { client_id: 'forum', ...told },
    { client_id: 'shop', ...told },
  ]);
  expect(await deliveries(other.tenant)).toEqual([]);
});

it('clients that are new to a session at the same moment all find it live', async () => {
  const { tenant, session } = await begun();
  for (let round = 0; round < 5; round += 1) {
    await sessions.meddle(
      `update session.session set last_seen_at = clock_timestamp() - interval '2 minutes' from mark where id = $1`,
      [session],
    );
    const asked = { tenantId: tenant, session: referenceOf(session), context };
    const clients = Array.from({ length: 6 }, (_, index) => `new-${round}-${index}`);
    const answers = await Promise.all(clients.map((clientId) => requests().resolve({ ...asked, clientId })));
    expect(answers.map(({ outcome }) => outcome)).toEqual(clients.map(() => 'live'));
  }
});

it('an erased account is told of without its name, and what was told is gone', async () => {
  const ending = await begun();
  const { tenant, account, session } = ending;
  await floorRaised(tenant, 'session', session);
  await sessions.meddle(
    `update session.logout_delivery set outcome = 'delivered', finished_at = clock_timestamp() from mark where client_id = 'shop'`,
  );
  const live = await sessions.begin({ tenantId: tenant, accountId: account });
  await erasure().forget({ tenantId: tenant, accountId: account });
  expect(await deliveries(tenant)).toEqual([
    { session_id: session, client_id: 'forum', account_id: null, outcome: null },
    { session_id: live, client_id: 'shop', account_id: null, outcome: null },
  ]);
});

describe('a client that comes while the session is being ended', () => {
  /** Held back by a row that another transaction has. */
  const blocked = async () => {
    const waiting = () =>
      sessions.suite.query(
        "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      );
    while ((await waiting()).length === 0);
  };
  const comes = ({ tenant, session }: Ending) =>
    requests().resolve({ tenantId: tenant, session: referenceOf(session), clientId: 'late', context });

  it('does not take part in it', async () => {
    const ending = await begun();
    let late: ReturnType<typeof comes> | undefined;
    await sessions.database.run(async (tx) => {
      const [ended] = await tx.execute(endById, { tenantId: ending.tenant, sessionId: ending.session });
      if (!ended) throw new Error('it has ended before');
      await tx.record(sessions.events.make(sessionEnded, { tenantId: ending.tenant, context, data: {} }));
      late = comes(ending);
      await blocked();
    });
    expect(await late).toEqual({ outcome: 'none' });
    const taking = await sessions.suite.query<{ client_id: string }>(
      'select client_id from session.participant where session_id = $1 order by client_id',
      [ending.session],
    );
    expect(taking.map(({ client_id }) => client_id)).toEqual(['forum', 'shop']);
  });

  it('or is told', async () => {
    const { tenant, session } = await begun();
    let end: Promise<void> | undefined;
    await sessions.database.run(async (tx) => {
      const joined = sessions.events.make(sessionJoined, { tenantId: tenant, context, data: { sid: 's' } });
      const participant = { clientId: 'late', joined };
      await tx.execute(resolve, { tenantId: tenant, session: referenceOf(session), network: undefined, participant });
      end = floorRaised(tenant, 'session', session);
      await blocked();
    });
    await end;
    expect((await deliveries(tenant)).map(({ client_id }) => client_id)).toEqual(['forum', 'late', 'shop']);
  });
});
