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
import { runAudit, until, type RunningAudit } from './running-audit.js';

let on: RunningAudit;
beforeAll(async () => {
  on = await runAudit();
  await on.startReplica();
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

  it('is told once, however often it is asked for', async () => {
    const alice = newId(accountId);
    await Promise.all([forget(alice), forget(alice)]);
    await forget(alice);
    const told = (await destroyed()).filter(({ subject }) => subject === `account:${alice}`);
    expect(told.map(({ type }) => type)).toEqual(['signet.audit.personal-key.destroyed.v1']);
  });
});
