import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  accountId,
  consentDenied,
  forgetAccount,
  newId,
  queryEntries,
  signInSucceeded,
  type AccountId,
} from '@signet/contracts';
import { Database } from '@signet/persistence';
import pg from 'pg';
import { forgetAllNetworks } from '../src/personal/forgotten-networks.js';
import { runAudit, until, type Replica, type RunningAudit } from './running-audit.js';

let on: RunningAudit;
let replica: Replica;
beforeAll(async () => {
  on = await runAudit();
  replica = await on.startReplica();
});
afterAll(() => on.stop());

const network = { ip: '192.0.2.7', userAgent: 'agent' };

/** A sign-in of the account, once it is in the log. */
async function signIn(account: AccountId): Promise<string> {
  const event = on.producer.parts.events.make(signInSucceeded, {
    ...{ tenantId: on.tenant, account, context: { actor: `account:${account}` as const, network } },
    ...{ data: { amr: ['pwd'] }, personal: { username: 'alice' } },
  });
  await on.record(event);
  await inLog(event.id);
  return event.id;
}

const inLog = (id: string) => until(async () => (await on.entries()).some((entry) => entry.id === id));
const forget = (account: AccountId) =>
  on.requester.request(forgetAccount.audit, { tenantId: on.tenant, accountId: account });
async function entryOf(id: string) {
  const { entries } = await on.requester.request(queryEntries, { tenantId: on.tenant, personal: true, limit: 100 });
  const found = entries.find((entry) => entry.id === id);
  if (!found) throw new Error('not in the log');
  return found;
}
/** Those on their way to the log, and those in it. */
const destroyed = async () =>
  (
    await on.database.query<{ leaf: Buffer }>(
      `select leaf from (select id, leaf from audit.outbox union select id, leaf from audit.entry where class = 'audit') as told`,
    )
  ).map(({ leaf }) => JSON.parse(leaf.toString('utf8')) as { type: string; subject: string });
const networksOf = async (id: string) => {
  const [entry] = await on.database.query<{ network_address: Buffer | null; network_prefix: Buffer | null }>(
    'select network_address, network_prefix from audit.entry where id = $1',
    [id],
  );
  return [entry?.network_address, entry?.network_prefix];
};

describe('of an erased account', () => {
  it('nobody reads a personal part any more, and every leaf stays as it was', async () => {
    const [alice, bob] = [newId(accountId), newId(accountId)];
    const [hers, his] = [await signIn(alice), await signIn(bob)];
    const before = await entryOf(hers);
    expect(before.personal).toMatchObject({ username: 'alice', network });
    await forget(alice);
    expect(await entryOf(hers)).toEqual({ ...before, personal: null });
    expect((await entryOf(his)).personal).toMatchObject({ username: 'alice' });
  });

  it('nobody can ask for the network any more: of what is told of it, of what it did, of what is still on its way', async () => {
    const [alice, bob] = [newId(accountId), newId(accountId)];
    const did = on.producer.parts.events.make(consentDenied, {
      ...{ tenantId: on.tenant, context: { actor: `account:${alice}` as const, network }, data: { scopes: [] } },
    });
    await on.record(did);
    await inLog(did.id);
    const [hers, his] = [await signIn(alice), await signIn(bob)];
    const [address, prefix] = await networksOf(his);
    expect([address?.length, prefix?.length, address?.equals(prefix ?? address)]).toEqual([16, 16, false]);
    expect([await networksOf(hers), await networksOf(did.id)]).toEqual([
      [address, prefix],
      [address, prefix],
    ]);
    await forget(alice);
    const late = await signIn(alice);
    for (const id of [hers, did.id, late]) expect(await networksOf(id)).toEqual([null, null]);
    expect(await networksOf(his)).toEqual([address, prefix]);
  });

  it('what is still on its way is appended without its personal part, and gets no key of its own', async () => {
    const alice = newId(accountId);
    await forget(alice);
    const late = await signIn(alice);
    expect(await entryOf(late)).toMatchObject({ personal: null });
    const [key] = await on.database.query('select key from audit.subject_key where subject = $1', [`account:${alice}`]);
    expect(key).toEqual({ key: null });
  });

  it('what it did itself is kept under its key too, where the event tells of nobody', async () => {
    const alice = newId(accountId);
    const event = on.producer.parts.events.make(consentDenied, {
      ...{ tenantId: on.tenant, context: { actor: `account:${alice}` as const, network }, data: { scopes: [] } },
    });
    await on.record(event);
    await inLog(event.id);
    expect((await entryOf(event.id)).personal).toEqual({ network });
    await forget(alice);
    expect((await entryOf(event.id)).personal).toBeNull();
  });

  it('the key goes first, though an entry cannot be written', async () => {
    const alice = newId(accountId);
    const hers = await signIn(alice);
    const client = new pg.Client({ connectionString: on.database.url });
    await client.connect();
    await client.query('begin');
    await client.query('select from audit.entry where id = $1 for update', [hers]);
    await expect(forget(alice)).rejects.toThrow();
    expect((await entryOf(hers)).personal).toBeNull();
    await client.query('rollback');
    await client.end();
    await forget(alice);
    expect(await networksOf(hers)).toEqual([null, null]);
  });

  it('the networks of very many events go by pieces, each of which goes on where the last one ended', async () => {
    const alice = newId(accountId);
    const events = Array.from({ length: 1_100 }, (_, place) =>
      on.producer.parts.events.make(consentDenied, {
        ...{ tenantId: on.tenant, context: { actor: `account:${alice}` as const, network }, data: { scopes: [] } },
        ...(place % 2 === 0 && { account: alice }),
      }),
    );
    await on.recordAll(events);
    const left = async () => {
      const [row] = await on.database.query<{ left: number }>(
        'select count(*)::int as left from audit.entry where actor = $1 and network_prefix is not null',
        [`account:${alice}`],
      );
      return row?.left;
    };
    await until(async () => (await left()) === events.length);
    const database = replica.service.app.get(Database);
    const erased = { tenantId: on.tenant, accountId: alice, subject: `account:${alice}` };
    await on.database.query('update audit.subject_key set key = null, erased_at = now() where subject = $1', [
      erased.subject,
    ]);
    expect([await forgetAllNetworks(database, erased, 0), await left()]).toEqual([false, 100]);
    const [first] = events;
    await on.database.query(`update audit.entry set network_prefix = '' where id = $1`, [first?.id]);
    expect([await forgetAllNetworks(database, erased, 0), await left()]).toEqual([true, 1]);
  }, 60_000);

  it('is told once, however often it is asked for', async () => {
    const alice = newId(accountId);
    await Promise.all([forget(alice), forget(alice)]);
    await forget(alice);
    const told = (await destroyed()).filter(({ subject }) => subject === `account:${alice}`);
    expect(told.map(({ type }) => type)).toEqual(['signet.audit.personal-key.destroyed.v1']);
  });
});
