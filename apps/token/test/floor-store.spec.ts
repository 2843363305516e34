import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  accountId,
  eventId,
  micros,
  newId,
  revocationRaised,
  sessionId,
  tenantId,
  type Micros,
  type TenantId,
} from '@signet/contracts';
import { deadBy, type StandingFloor } from '../src/floors/dead.js';
import { Floors } from '../src/floors/floors.js';
import { FloorStore } from '../src/floors/store/floor-store.js';
import { raiseTimed, type Raise } from '../src/floors/store/raise.js';
import { storeDatabase, type StoreDatabase } from './support/database.js';

let store: StoreDatabase;
let floors: FloorStore;
beforeAll(async () => {
  store = await storeDatabase();
  floors = new FloorStore(store.database);
});
afterAll(() => store.stop());

const tenant: TenantId = newId(tenantId);
const now = (): Micros => store.database.now();
const later = (seconds: number): Micros => micros.parse(now() + seconds * 1_000_000);

function raiseOf(kind: Raise['kind'], key: string, rest: Partial<Raise> = {}): Raise {
  const raiseId = rest.raiseId ?? newId(eventId);
  const event = store.event(revocationRaised, { tenantId: tenant, data: { kind, key, raise: raiseId } });
  return { raiseId, tenantId: tenant, kind, key, reason: 'test', event, ...rest };
}

const standing = async (kind: string, key: string): Promise<StandingFloor | undefined> =>
  (await floors.find(tenant, [[kind, key]]))[0];

const events = async (key: string): Promise<number> => {
  const rows = await store.suite.query<{ leaf: Buffer }>('select leaf from token.outbox');
  return rows.filter(({ leaf }) => (JSON.parse(leaf.toString('utf8')) as { data: { key?: string } }).data.key === key)
    .length;
};

describe('a floor with a time', () => {
  it('is dated after its commit', async () => {
    const account = newId(accountId);
    const begun = now();
    const changed = await floors.raise([raiseOf('account', account)]);
    expect(changed).toHaveLength(2);
    const [raised, dated] = changed;
    expect(raised?.at).toBeGreaterThanOrEqual(begun - 50_000);
    expect(dated?.at).toBeGreaterThan(raised?.at ?? Infinity);
    expect(await standing('account', account)).toMatchObject({ at: dated?.at });
  });

  it('keeps its first time when its raise is repeated, at once or later, alone or beside others', async () => {
    const account = newId(accountId);
    const raise = raiseOf('account', account);
    await floors.raise([raise]);
    const first = (await standing('account', account))?.at;
    const repeat = () => raiseOf('account', account, { raiseId: raise.raiseId });
    await floors.raise([repeat()]);
    await Promise.all(Array.from({ length: 8 }, () => floors.raise([repeat()])));
    expect(await standing('account', account)).toMatchObject({ at: first });
    expect(await events(account)).toBe(1);
  });

  it('moves on with another raise, and a late repeat of the first one leaves it there', async () => {
    const account = newId(accountId);
    const raise = raiseOf('account', account);
    await floors.raise([raise]);
    const first = (await standing('account', account))?.at ?? 0;
    await floors.raise([raiseOf('account', account)]);
    const second = (await standing('account', account))?.at ?? 0;
    expect(second).toBeGreaterThan(first);
    await floors.raise([raiseOf('account', account, { raiseId: raise.raiseId })]);
    expect(await standing('account', account)).toMatchObject({ at: second });
  });

  it('is dated by the repeat of a raise that a crash left half done', async () => {
    const account = newId(accountId);
    const raise = raiseOf('account', account);
    const [half] = await store.database.execute(raiseTimed, [raise]);
    const changed = await floors.raise([raiseOf('account', account, { raiseId: raise.raiseId })]);
    expect(changed).toHaveLength(1);
    expect((await standing('account', account))?.at).toBeGreaterThan(half?.at ?? Infinity);
    expect(await events(account)).toBe(1);
  });

  it('of many raises at once is one, and each is recorded', async () => {
    const account = newId(accountId);
    await Promise.all(Array.from({ length: 10 }, () => floors.raise([raiseOf('account', account)])));
    expect(await events(account)).toBe(10);
    const rows = await store.suite.query('select 1 from token.floor where key = $1', [account]);
    expect(rows).toHaveLength(1);
  });

  it('raised twice in one call takes both', async () => {
    const account = newId(accountId);
    await floors.raise([raiseOf('account', account), raiseOf('account', account)]);
    expect(await events(account)).toBe(2);
  });
});

describe('other floors', () => {
  it.each(['token', 'instance', 'session'])('of a %s are made once', async (kind) => {
    const key = newId(sessionId);
    expect(await floors.raise([raiseOf(kind, key, { expiresAt: later(60) })])).toHaveLength(1);
    expect(await floors.raise([raiseOf(kind, key, { expiresAt: later(30) })])).toHaveLength(0);
    expect(await events(key)).toBe(1);
  });

  it('are not made for what has expired', async () => {
    const key = newId(sessionId);
    expect(await floors.raise([raiseOf('session', key, { expiresAt: later(-1) })])).toHaveLength(0);
    expect(await events(key)).toBe(0);
  });

  it('of versions only rise', async () => {
    for (const version of [2, 5, 3]) await floors.raise([raiseOf('client_version', 'shop', { version })]);
    expect(await standing('client_version', 'shop')).toMatchObject({ version: 5 });
    expect(await events('shop')).toBe(2);
  });

  it('of all kinds fit in one call', async () => {
    const account = newId(accountId);
    const kinds: Raise[] = [
      raiseOf('token', 'mixed', { expiresAt: later(60) }),
      raiseOf('account', account),
      raiseOf('tenant', ''),
      raiseOf('account_version', account, { version: 2 }),
      raiseOf('authority_version', '', { version: 3 }),
    ];
    await floors.raise(kinds);
    for (const { kind, key } of kinds) expect(await standing(kind, key)).toBeDefined();
  });
});

it('spares a session that lives, and none that the standing floor has ended', async () => {
  const account = newId(accountId);
  const [first, second] = [newId(sessionId), newId(sessionId)];
  const since = now();
  const spareOf = async () => (await standing('account', account))?.spare?.sessionId;
  await floors.raise([raiseOf('account', account, { spare: { sessionId: first, since } })]);
  expect(await spareOf()).toBe(first);
  await floors.raise([raiseOf('account', account, { spare: { sessionId: first, since } })]);
  expect(await spareOf()).toBe(first);
  await floors.raise([raiseOf('account', account, { spare: { sessionId: second, since } })]);
  expect(await spareOf()).toBeUndefined();
  await floors.raise([raiseOf('account', account, { spare: { sessionId: second, since: later(60) } })]);
  expect(await spareOf()).toBe(second);
});

it('a spare never brings back what was dead, whatever is raised in whichever order', async () => {
  const account = newId(accountId);
  const sessions = [newId(sessionId), newId(sessionId)];
  const born: { session: string; since: Micros }[] = [];
  const dead = new Set<string>();
  let seed = 7;
  const draw = (n: number) => (seed = (seed * 48_271) % 2_147_483_647) % n;
  for (let round = 0; round < 40; round++) {
    await store.database.pollClock();
    for (const session of sessions) born.push({ session, since: now() });
    const spared = born[draw(born.length)];
    const spare =
      draw(3) === 0 || spared === undefined ? {} : { spare: { sessionId: spared.session, since: spared.since } };
    await floors.raise([raiseOf('account', account, spare)]);
    const floor = await standing('account', account);
    for (const { session, since } of born) {
      const name = `${session} ${since}`;
      const subject = { tenantId: tenant, clientId: 'c', account, session, since };
      const kind = deadBy(subject, (_tenant, of) => (of === 'account' ? floor : undefined));
      if (kind !== undefined) dead.add(name);
      else expect(dead.has(name)).toBe(false);
    }
  }
  expect(dead.size).toBeGreaterThan(20);
  expect(born.length).toBeGreaterThan(dead.size - 1);
});

it('a replica that was paused for a minute knows what it missed before it answers', async () => {
  const other = await store.open();
  let milliseconds = 0;
  const paused = new Floors({ reader: new FloorStore(other), monotonic: () => milliseconds });
  await paused.poll();
  const account = newId(accountId);
  const since = now();
  await floors.raise([raiseOf('account', account)]);
  // Longer ago than a poll looks back by itself.
  await store.suite.query(
    `begin; set local session_replication_role = replica;
     update token.floor set changed_at = changed_at - interval '45 seconds' where key = '${account}'; commit`,
  );
  const standingOf = { tenantId: tenant, clientId: 'c', account, since };
  expect(await paused.deadBy(standingOf)).toBeUndefined();
  milliseconds += 60_000;
  expect(await paused.deadBy(standingOf)).toBe('account');
});

it('a poll shows what was committed after it began as not yet seen', async () => {
  const { began } = await floors.poll(undefined, 10);
  const account = newId(accountId);
  await floors.raise([raiseOf('account', account)]);
  expect((await standing('account', account))?.at).toBeGreaterThanOrEqual(began);
  const next = await floors.poll(began, 10);
  expect(next.rows.map(({ key }) => key)).toContain(account);
  expect((await floors.poll(began, 0)).rows).toEqual([]);
});
