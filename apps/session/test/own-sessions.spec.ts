import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  accountId,
  newId,
  plusSeconds,
  sessionId,
  tenantId,
  type AccountId,
  type SessionId,
  type TenantId,
} from '@signet/contracts';
import { OwnSessionsController } from '../src/own-sessions/own-sessions.controller.js';
import { SessionRequests } from '../src/session/session-requests.js';
import { referenceOf, sessionDatabase, type SessionDatabase } from './session-database.js';

let sessions: SessionDatabase;
let own: OwnSessionsController;
let requests: SessionRequests;
beforeAll(async () => {
  sessions = await sessionDatabase();
  const { database, events, ending } = sessions;
  own = new OwnSessionsController(database, events, ending);
  requests = new SessionRequests(database, events, ending);
});
afterAll(() => sessions.stop());

const from = (ip: string, userAgent = 'Firefox') => ({ actor: 'anonymous' as const, network: { ip, userAgent } });
const asks = (tenant: TenantId, session: SessionId) => ({
  ...{ tenantId: tenant, session: referenceOf(session), context: from('192.0.2.1') },
});

async function listed(tenant: TenantId, session: SessionId) {
  const answer = await own.list(asks(tenant, session));
  if (answer.outcome !== 'live') throw new Error(answer.outcome);
  return answer;
}

const eventsOf = async (tenant: TenantId, type: string) =>
  (
    await sessions.suite.query<{ leaf: { actor: string; subject?: string; session?: string } }>(
      `select convert_from(leaf, 'utf8')::jsonb as leaf from session.outbox
      where tenant_id = $1 and convert_from(leaf, 'utf8')::jsonb ->> 'type' = $2`,
      [tenant, `signet.session.${type}.v1`],
    )
  ).map(({ leaf }) => leaf);

describe('what a session keeps of a person and their device', () => {
  const acme = newId(tenantId);

  it('each time that they proved who they are, under a new secret, and the first expiry for all', async () => {
    const alice = newId(accountId);
    const begun = await sessions.begin({ tenantId: acme, accountId: alice });
    const before = await listed(acme, begun);
    const raised = newId(sessionId);
    const authentication = await requests.create({
      ...{ tenantId: acme, accountId: alice, since: sessions.database.now(), acr: 'urn:x:two', amr: ['pwd', 'otp'] },
      ...{ session: referenceOf(raised), replaces: referenceOf(begun), remembered: true },
      lifetimes: { idle: 60, absolute: 864_000 },
      context: from('192.0.2.2'),
    });
    expect(authentication).toMatchObject({
      sessionId: begun,
      sessionExpiresAt: before.authentication.sessionExpiresAt,
      acr: 'urn:x:two',
    });
    expect(await own.list(asks(acme, begun))).toEqual({ outcome: 'none' });
    const rows = await sessions.suite.query(
      `select version::int, acr, amr from session.session_authentication where session_id = $1 order by version`,
      [begun],
    );
    expect(rows).toEqual([
      { version: 1, acr: 'urn:signet:acr:password', amr: ['pwd'] },
      { version: 2, acr: 'urn:x:two', amr: ['pwd', 'otp'] },
    ]);
    const [kept] = await sessions.suite.query(
      `select remembered, idle_seconds, seen_ip, idle_expires_at < clock_timestamp() + interval '61 seconds' as soon
      from session.session where id = $1`,
      [begun],
    );
    expect(kept).toEqual({ remembered: true, idle_seconds: 60, seen_ip: '192.0.2.2', soon: true });
  });

  it('where it is seen, at most once a minute, and nobody who takes part where no client asks', async () => {
    const id = await sessions.begin({ tenantId: acme, asked: { clientId: undefined, context: from('192.0.2.3') } });
    const [first] = (await listed(acme, id)).sessions;
    expect(first).toMatchObject({ current: true, ip: '192.0.2.3', userAgent: 'Firefox', clientIds: [] });
    const asked = { tenantId: acme, session: referenceOf(id), context: from('192.0.2.4', 'Safari') };
    await requests.resolve(asked);
    expect((await listed(acme, id)).sessions).toEqual([first]);
    await sessions.meddle(
      `update session.session set last_seen_at = last_seen_at - interval '61 seconds' from mark where id = $1`,
      [id],
    );
    await requests.resolve({ ...asked, clientId: 'shop' });
    const [seen] = (await listed(acme, id)).sessions;
    expect(seen).toMatchObject({ ip: '192.0.2.4', userAgent: 'Safari', clientIds: ['shop'] });
  });
});

describe("a person's own sessions", () => {
  const acme = newId(tenantId);
  const begin = (account: AccountId, tenant = acme) => sessions.begin({ tenantId: tenant, accountId: account });

  it('are those of the account in the tenant that live, this one first', async () => {
    const [alice, bob] = [newId(accountId), newId(accountId)];
    const first = await begin(alice);
    const over = await begin(alice);
    const last = await begin(alice);
    await begin(bob);
    await begin(alice, newId(tenantId));
    await sessions.meddle(`update session.session set idle_expires_at = clock_timestamp() from mark where id = $1`, [
      over,
    ]);
    const shown = (await listed(acme, first)).sessions;
    expect(shown.map((each) => [each.sessionId, each.current])).toEqual([
      [first, true],
      [last, false],
    ]);
  });

  it('are told a hundred others at most, and that there are more', async () => {
    const alice = newId(accountId);
    const first = await begin(alice);
    for (let count = 0; count < 100; count += 1) await begin(alice);
    const all = await listed(acme, first);
    expect([all.sessions.length, all.more]).toEqual([101, false]);
    await begin(alice);
    const most = await listed(acme, first);
    expect([most.sessions.length, most.more, most.sessions[0]?.sessionId]).toEqual([101, true, first]);
  });

  it('are nothing to whoever has another secret', async () => {
    const id = await begin(newId(accountId));
    const asked = { ...asks(acme, id), session: { ...referenceOf(id), secretHash: 'x'.repeat(43) } };
    for (const answer of [own.list(asked), own.end({ ...asked, ends: id }), own.endOthers(asked)])
      expect(await answer).toEqual({ outcome: 'none' });
    expect(await sessions.ends(id)).toEqual([null]);
  });

  it('end one by one, with a floor each; those of others do not', async () => {
    const [alice, bob] = [newId(accountId), newId(accountId)];
    const [here, there, foreign] = [await begin(alice), await begin(alice), await begin(bob)];
    for (const ends of [there, foreign, there]) {
      expect(await own.end({ ...asks(acme, here), ends })).toEqual({ outcome: 'ended' });
    }
    expect(await sessions.ends(here, there, foreign)).toEqual([null, 'revoked', null]);
    expect(sessions.floors.filter((floor) => floor.kind === 'session' && floor.sessionId === there)).toHaveLength(1);
    const [event] = (await eventsOf(acme, 'session.ended')).filter(({ session }) => session === there);
    expect(event?.actor).toBe(`account:${alice}`);
  });

  it('all others end by one floor that spares this one, with the event of who asked', async () => {
    const [alice, bob] = [newId(accountId), newId(accountId)];
    const here = await begin(alice);
    const others = [await begin(alice), await begin(alice)];
    const foreign = await begin(bob);
    const { since } = (await listed(acme, here)).authentication;
    const before = sessions.floors.length;
    expect(await own.endOthers(asks(acme, here))).toEqual({ outcome: 'ended' });
    expect(await sessions.ends(here, ...others, foreign)).toEqual([null, 'revoked', 'revoked', null]);
    expect(sessions.floors.slice(before)).toMatchObject([
      { kind: 'account', accountId: alice, tenantId: acme, spare: { sessionId: here, since } },
    ]);
    expect(await eventsOf(acme, 'other-sessions.ended')).toMatchObject([
      { actor: `account:${alice}`, subject: `account:${alice}`, session: here },
    ]);
  });

  it('all others end where there is none: tokens of devices that are offline rest on no session', async () => {
    const here = await begin(newId(accountId));
    const before = sessions.floors.length;
    await own.endOthers(asks(acme, here));
    expect(sessions.floors.slice(before)).toMatchObject([{ kind: 'account', spare: { sessionId: here } }]);
  });
});

it('a session lives by the lifetimes that it was begun with', async () => {
  const acme = newId(tenantId);
  const id = await sessions.begin({
    tenantId: acme,
    asked: { lifetimes: { idle: 60, absolute: 120 }, remembered: true },
  });
  const { authentication } = await listed(acme, id);
  const now = sessions.database.now();
  expect(authentication.sessionExpiresAt).toBeGreaterThan(plusSeconds(now, 100));
  expect(authentication.sessionExpiresAt).toBeLessThan(plusSeconds(now, 121));
});
