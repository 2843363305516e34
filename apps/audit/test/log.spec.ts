import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  accountId,
  eventId,
  newId,
  passwordChanged,
  queryEntries,
  signInFailed,
  tenantId,
  type RecordedEvent,
} from '@signet/contracts';
import { loadKeyring, newKeyring } from '@signet/keys';
import { EventFactory } from '@signet/service';
import { runAudit, until, type Replica, type RunningAudit } from './running-audit.js';

let on: RunningAudit;
let first: Replica;

beforeAll(async () => {
  on = await runAudit();
});
afterAll(() => on.stop());
beforeEach(async () => {
  first = await on.startReplica();
});
afterEach(() => first.stop());

const factory = () => on.producer.parts.events;
const failed = (username = 'alice'): RecordedEvent =>
  factory().make(signInFailed, {
    tenantId: on.tenant,
    context: { actor: 'anonymous', network: { ip: '192.0.2.7', userAgent: 'a browser' } },
    data: {},
    personal: { username },
    reason: 'wrong_password',
  });
const changed = (account = newId(accountId)): RecordedEvent =>
  factory().make(passwordChanged, {
    tenantId: on.tenant,
    aggregate: account,
    account,
    context: { actor: 'operator:configuration' },
    data: { by: 'configuration' },
  });

const stored = async (ids: readonly string[]) => (await on.entries()).filter(({ id }) => ids.includes(id));
const allStored = (ids: readonly string[]) => until(async () => (await stored(ids)).length === ids.length);
const allConfirmed = (ids: readonly string[]) =>
  until(async () => (await on.unconfirmed()).every((id) => !ids.includes(id)));

const allSent = () =>
  until(async () => (await on.database.query('select from authn.outbox where sent_at is null')).length === 0);

/** All of it is in the stream before audit looks, so that it comes to one batch. */
async function inOneBatch(record: () => Promise<void>): Promise<void> {
  await first.stop();
  await record();
  await allSent();
  first = await on.startReplica();
}

/** What was never to be confirmed, and would come again in the next test. */
async function forgetUnconfirmed(): Promise<void> {
  await first.stop();
  await on.database.query('delete from authn.outbox');
  await on.wipeStream();
}

describe('the log', () => {
  it('holds each event once, byte for byte, without a gap, and confirms it', async () => {
    const events = Array.from({ length: 40 }, () => failed());
    for (const event of events) await on.record(event);
    const ids = events.map(({ id }) => id);
    await allStored(ids);
    await allConfirmed(ids);
    const entries = await on.entries();
    expect(entries.map(({ ordinal }) => ordinal)).toEqual(entries.map((_, place) => place + 1));
    expect(entries.map(({ index }) => index)).toEqual(entries.map((_, place) => place));
    const leaf = (await stored(ids))[0]?.leaf.toString('utf8') ?? '';
    expect(leaf).not.toMatch(/alice|192\.0\.2\.7|browser/);
  });

  it('gives each tenant a count of its own', async () => {
    const other = newId(tenantId);
    const event = factory().make(signInFailed, {
      tenantId: other,
      context: { actor: 'anonymous' },
      data: {},
      personal: { username: 'x' },
    });
    await on.record(event);
    await allStored([event.id]);
    expect(await stored([event.id])).toMatchObject([{ tenant_id: other, index: 0 }]);
  });

  it('puts versions in order, however they came, and holds one that is ahead of its turn', async () => {
    const account = newId(accountId);
    const events = [1, 2, 3, 4].map((version) => ({ event: changed(account), version }));
    for (const { event, version } of [...events].reverse().slice(0, 3)) await on.record(event, version);
    const ahead = events.slice(1).map(({ event }) => event.id);
    const marker = failed();
    await on.record(marker);
    await allStored([marker.id]);
    expect(await stored(ahead)).toEqual([]);
    for (const { event, version } of events.slice(0, 1)) await on.record(event, version);
    const ids = events.map(({ event }) => event.id);
    await allStored(ids);
    expect((await stored(ids)).map(({ version }) => version)).toEqual([1, 2, 3, 4]);
    await allConfirmed(ids);
  });

  it('leaves to its outbox what waits for long, has nothing of it under way, and takes it when it comes again', async () => {
    const account = newId(accountId);
    const [before, waits, marker] = [changed(account), changed(account), failed()];
    await on.record(waits, 2);
    await on.record(marker);
    await allStored([marker.id]);
    await until(async () => (await on.underWay()) === 0);
    expect(await stored([waits.id])).toEqual([]);
    const aside = 'select from authn.outbox where set_aside is not null and id = $1';
    await until(async () => (await on.database.query(aside, [waits.id])).length === 1);
    await on.record(before, 1);
    await allStored([before.id]);
    await on.wipeStream();
    await on.sendAgain();
    await allConfirmed([before.id, waits.id]);
    expect((await stored([before.id, waits.id])).map(({ id }) => id)).toEqual([before.id, waits.id]);
  });

  it('takes nothing twice that comes again, and confirms it again', async () => {
    const event = failed();
    await on.record(event);
    await allStored([event.id]);
    await allConfirmed([event.id]);
    const count = (await on.entries()).length;
    const [entry] = await stored([event.id]);
    // As if the confirmation had been lost, and the stream no longer knew the id.
    await on.wipeStream();
    await on.recordForeign({
      ...{ id: event.id, subject: event.subject, aggregate: event.aggregate, version: 1 },
      leaf: entry?.leaf.toString('utf8') ?? '',
    });
    await allConfirmed([event.id]);
    expect(await on.entries()).toHaveLength(count);
  });

  it('confirms after a restart what the writer before could not', async () => {
    const event = failed();
    await on.record(event);
    await allStored([event.id]);
    await allConfirmed([event.id]);
    await first.stop();
    await on.recordForeign({
      ...{ id: event.id, subject: event.subject, aggregate: event.aggregate, version: 1, leaf: '{}' },
    });
    // Long before its service would send it again.
    await on.database.query('update authn.outbox set sent_at = clock_timestamp()');
    first = await on.startReplica();
    await allConfirmed([event.id]);
  });

  it('loses nothing when the stream is wiped under events that nobody took', async () => {
    await first.stop();
    const events = Array.from({ length: 10 }, () => failed());
    for (const event of events) await on.record(event);
    await allSent();
    await on.wipeStream();
    await on.sendAgain();
    first = await on.startReplica();
    const ids = events.map(({ id }) => id);
    await allStored(ids);
    await allConfirmed(ids);
  });
});

describe('a personal part', () => {
  const query = async (id: string, personal = true) => {
    const { entries } = await on.requester.request(queryEntries, { tenantId: on.tenant, personal, limit: 500 });
    return entries.find((entry) => entry.id === id);
  };

  it('is opened for an operator who asks for it, and gone when its key is; the leaf stays as it was', async () => {
    const account = newId(accountId);
    const event = factory().make(signInFailed, {
      tenantId: on.tenant,
      context: { actor: 'anonymous', network: { ip: '192.0.2.8', userAgent: 'b' } },
      data: {},
      personal: { username: 'bob' },
      account,
    });
    await on.record(event);
    await allStored([event.id]);
    const before = await query(event.id);
    expect(before?.personal).toEqual({ username: 'bob', network: { ip: '192.0.2.8', userAgent: 'b' } });
    expect(await query(event.id, false)).toEqual({ ...before, personal: null });
    await on.database.query('delete from audit.subject_key where subject = $1', [`account:${account}`]);
    const after = await query(event.id);
    expect(after?.personal).toBeNull();
    expect(after?.leaf).toBe(before?.leaf);
  });

  it('under a key that audit does not have yet keeps its event waiting, with what comes after it, and nobody else', async () => {
    const foreign = new EventFactory(loadKeyring(newKeyring()), on.producer.parts.database.clock);
    const account = newId(accountId);
    const early = foreign.make(signInFailed, {
      tenantId: on.tenant,
      aggregate: account,
      aggregateKind: 'password',
      context: { actor: 'anonymous' },
      data: {},
      personal: { username: 'carol' },
    });
    const follower = changed(account);
    const good = failed();
    await inOneBatch(async () => {
      await on.record(early, 1);
      await on.record(follower, 2);
      await on.record(good);
    });
    await allStored([good.id]);
    await allConfirmed([good.id]);
    expect(await stored([early.id, follower.id])).toEqual([]);
    expect((await on.unconfirmed()).sort()).toEqual([early.id, follower.id].sort());
    await forgetUnconfirmed();
  });
});

describe('an event that cannot be in the log', () => {
  it.each<[string, (leaf: Record<string, unknown>) => void]>([
    ['a NUL in its client', (leaf) => (leaf['client'] = 'a\u0000b')],
    ['a NUL in its aggregate', (leaf) => (leaf['aggregate'] = 'x:\u0000')],
    ['an aggregate longer than an index takes', (leaf) => (leaf['aggregate'] = `x:${longText()}`)],
  ])('keeps back none of the others: %s', async (_, spoil) => {
    const model = failed();
    const leaf: Record<string, unknown> = { ...model.head, aggregateversion: 1, personaldigest: undefined };
    spoil(leaf);
    const spoiled = { id: model.id, subject: model.subject, aggregate: model.aggregate, version: 1 };
    const good = Array.from({ length: 5 }, () => failed());
    await inOneBatch(async () => {
      await on.recordForeign({ ...spoiled, leaf: JSON.stringify(leaf) });
      for (const event of good) await on.record(event);
    });
    const ids = good.map(({ id }) => id);
    await allStored(ids);
    await allConfirmed(ids);
    expect(await on.unconfirmed()).toEqual([model.id]);
    await forgetUnconfirmed();
  });

  it('keeps back none of the others where it is Postgres that refuses it', async () => {
    const known = failed();
    await on.record(known);
    await allConfirmed([known.id]);
    await on.wipeStream();
    const { id, subject } = known;
    const leaf = { ...known.head, aggregate: 'x:1', aggregateversion: 1, personaldigest: undefined };
    const good = Array.from({ length: 5 }, () => failed());
    await inOneBatch(async () => {
      await on.recordForeign({ id, subject, aggregate: 'x:1', version: 1, leaf: JSON.stringify(leaf) });
      for (const event of good) await on.record(event);
    });
    await allConfirmed(good.map((event) => event.id));
    expect((await stored([id])).map(({ aggregate }) => aggregate)).toEqual([known.aggregate]);
    await forgetUnconfirmed();
  });

  it('with an id of another kind spoils nobody’s confirmation', async () => {
    const model = failed();
    const id = '3f0c0c9e-6d0f-4b57-9a3d-0a1b2c3d4e5f';
    const leaf = { ...model.head, id, aggregate: `sign-in:${id}`, aggregateversion: 1, personaldigest: undefined };
    const good = Array.from({ length: 5 }, () => failed());
    await inOneBatch(async () => {
      const { subject } = model;
      await on.recordForeign({ id, subject, aggregate: leaf.aggregate, version: 1, leaf: JSON.stringify(leaf) });
      for (const event of good) await on.record(event);
    });
    await allConfirmed(good.map((event) => event.id));
    await forgetUnconfirmed();
  });
});

/** Does not compress, so that no index tuple can hold it. */
function longText(): string {
  return Array.from({ length: 300 }, () => newId(eventId)).join('');
}
