import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { accountId, newId, rfc3339, tenantId, type Envelope, type Micros } from '@signet/contracts';
import { RevocationFollower } from '../src/ending/revocation-follower.js';
import { sessionDatabase, type SessionDatabase } from './session-database.js';

let sessions: SessionDatabase;
let follower: RevocationFollower;
beforeAll(async () => {
  sessions = await sessionDatabase();
  follower = new RevocationFollower(sessions.ending);
});
afterAll(() => sessions.stop());

/** Microseconds. */
const second = 1_000_000;
const ago = (seconds: number) => (sessions.database.now() - seconds * second) as Micros;

/** That token raised a floor half a minute ago. */
const raised = (tenant: string, data: { kind: string; key: string; spared?: string; at?: Micros }) =>
  follower.apply({
    envelope: { tenant, time: rfc3339(ago(30)), data: { ...data, raise: 'r' } } as unknown as Envelope,
  });

it('a floor of a tenant ends its sessions of before, and no other', async () => {
  const [acme, globex] = [newId(tenantId), newId(tenantId)];
  const before = await sessions.begin({ tenantId: acme, since: ago(60) });
  const anew = await sessions.begin({ tenantId: acme, since: ago(10) });
  const elsewhere = await sessions.begin({ tenantId: globex, since: ago(60) });
  await raised(acme, { kind: 'tenant', key: '' });
  expect(await sessions.ends(before, anew, elsewhere)).toEqual(['revoked', null, null]);
});

it('a floor ends what signed in up to its own time, to the microsecond, and not to that of its event', async () => {
  const acme = newId(tenantId);
  const at = ago(20);
  const before = await sessions.begin({ tenantId: acme, since: at });
  const anew = await sessions.begin({ tenantId: acme, since: (at + 1) as Micros });
  await raised(acme, { kind: 'tenant', key: '', at });
  expect(await sessions.ends(before, anew)).toEqual(['revoked', null]);
});

it('a floor of an account ends its sessions of before but for the one it spares', async () => {
  const [acme, alice] = [newId(tenantId), newId(accountId)];
  const begin = (account: string, seconds: number) =>
    sessions.begin({ tenantId: acme, accountId: account, since: ago(seconds) });
  const [before, spared, anew, bob] = [
    await begin(alice, 60),
    await begin(alice, 60),
    await begin(alice, 10),
    await begin(newId(accountId), 60),
  ];
  await raised(acme, { kind: 'account', key: alice, spared });
  expect(await sessions.ends(before, spared, anew, bob)).toEqual(['revoked', null, null, null]);
});

it('a floor of a session ends that one', async () => {
  const acme = newId(tenantId);
  const [one, other] = [await sessions.begin({ tenantId: acme }), await sessions.begin({ tenantId: acme })];
  await raised(acme, { kind: 'session', key: one });
  expect(await sessions.ends(one, other)).toEqual(['revoked', null]);
});

it.each(['client', 'grant', 'instance'])('a floor of a %s ends no session', async (kind) => {
  const acme = newId(tenantId);
  const session = await sessions.begin({ tenantId: acme, since: ago(60) });
  await raised(acme, { kind, key: 'shop' });
  expect(await sessions.ends(session)).toEqual([null]);
});

it('records each end, once, and raises no floor of its own', async () => {
  const acme = newId(tenantId);
  const session = await sessions.begin({ tenantId: acme, since: ago(60) });
  const raisedBefore = sessions.floors.length;
  for (let round = 0; round < 2; round += 1) await raised(acme, { kind: 'tenant', key: '' });
  const leaves = await sessions.suite.query<{ leaf: Buffer }>(
    'select leaf from session.outbox where aggregate = $1 order by aggregate_version',
    [`session:${session}`],
  );
  const types = leaves.map(({ leaf }) => (JSON.parse(leaf.toString('utf8')) as { type: string }).type);
  expect(types).toEqual(['signet.session.session.created.v1', 'signet.session.session.ended.v1']);
  expect(sessions.floors).toHaveLength(raisedBefore);
});

it('a floor of a kind that a newer version has ends nothing, and one that tells more is read as ever', async () => {
  const acme = newId(tenantId);
  const session = await sessions.begin({ tenantId: acme, since: ago(60) });
  const more = { of_a_newer_version: { a: [1] } };
  await raised(acme, { kind: 'of-a-newer-version', key: acme, ...more });
  expect(await sessions.ends(session)).toEqual([null]);
  await raised(acme, { kind: 'tenant', key: '', ...more });
  expect(await sessions.ends(session)).toEqual(['revoked']);
});
