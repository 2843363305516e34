import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accountId, newId, passwordChanged, type RecordedEvent } from '@signet/contracts';
import { runAudit, until, type Replica, type RunningAudit } from './running-audit.js';

let on: RunningAudit;
let replica: Replica;

beforeAll(async () => {
  on = await runAudit();
  replica = await on.startReplica();
});
afterAll(() => on.stop());

const changed = (account = newId(accountId)): RecordedEvent =>
  on.producer.parts.events.make(passwordChanged, {
    ...{ tenantId: on.tenant, aggregate: account, account, context: { actor: 'operator:configuration' } },
    data: { by: 'configuration' },
  });

interface Leaf {
  readonly type: string;
  readonly actor: string;
  readonly reason?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const leaves = async (): Promise<Leaf[]> =>
  (await on.entries()).map(({ leaf }) => JSON.parse(leaf.toString('utf8')) as Leaf);
/** What the producer's outbox says of an event: why it was set aside, and whether it is sent again within the hour. */
const setAside = async (id: string) =>
  (
    await on.database.query<{ reason: string | null; soon: boolean }>(
      `select set_aside as reason, sent_at < clock_timestamp() + interval '1 hour' as soon from authn.outbox where id = $1`,
      [id],
    )
  )[0];
const isStored = ({ id }: RecordedEvent) => until(async () => (await on.entries()).some((entry) => entry.id === id));
const refusalOf = async (event: string): Promise<Leaf[]> =>
  (await leaves()).filter(({ type, data }) => type === 'signet.audit.event.refused.v1' && data['event'] === event);

describe('what comes by the stream and cannot be in the log', () => {
  it.each<
    [string, string, (model: RecordedEvent, leaf: Record<string, unknown>) => { subject?: string; leaf: string }]
  >([
    ['no JSON', 'not_json', () => ({ leaf: '{"id"' })],
    ['no event', 'not_an_event', ({ id }) => ({ leaf: JSON.stringify({ id }) })],
    [
      'an event under another id',
      'foreign_id',
      (_, leaf) => ({ leaf: JSON.stringify({ ...leaf, id: newId(accountId) }) }),
    ],
    [
      "another service's event",
      'foreign_name',
      (_, leaf) => ({ leaf: JSON.stringify({ ...leaf, source: '/signet/token' }) }),
    ],
    [
      "another service's type of event",
      'foreign_name',
      (_, leaf) => ({ leaf: JSON.stringify({ ...leaf, type: 'signet.directory.account.disabled.v1' }) }),
    ],
    [
      "an event of another service's aggregate",
      'foreign_aggregate',
      (_, leaf) => ({ leaf: JSON.stringify({ ...leaf, aggregate: `account:${newId(accountId)}` }) }),
    ],
    [
      "another tenant's event",
      'foreign_name',
      (_, leaf) => ({ leaf: JSON.stringify({ ...leaf, tenant: newId(accountId) }) }),
    ],
    [
      'more than a leaf may have',
      'too_large',
      (_, leaf) => ({ leaf: JSON.stringify({ ...leaf, more: 'x'.repeat(65_535) }) }),
    ],
    [
      'an event with a NUL in what it is asked by',
      'not_an_event',
      (_, leaf) => ({ leaf: JSON.stringify({ ...leaf, client: 'a\0b' }) }),
    ],
    [
      'an event with more in its actor than an index takes',
      'not_an_event',
      (_, leaf) => ({ leaf: JSON.stringify({ ...leaf, actor: 'x'.repeat(2_001) }) }),
    ],
    ['an event of no time', 'not_an_event', (_, leaf) => ({ leaf: JSON.stringify({ ...leaf, time: 'yesterday' }) })],
  ])('is counted and told in the log, which goes on: %s', async (_, reason, forge) => {
    const first = changed();
    await on.record(first);
    await isStored(first);
    const model = changed();
    const { subject } = model;
    const forged = { subject, ...forge(model, { ...model.head, aggregateversion: 1 }) };
    await on.recordForeign({ id: model.id, aggregate: model.aggregate, version: 1, ...forged });
    const good = changed();
    await on.record(good);
    await isStored(good);
    await until(async () => (await refusalOf(model.id)).length > 0);
    await on.sendAgain();
    const later = changed();
    await on.record(later);
    await isStored(later);
    expect(await refusalOf(model.id)).toMatchObject([
      { actor: 'service:authn', reason, data: { subject, event: model.id } },
    ]);
    expect((await on.entries()).map(({ id }) => id)).not.toContain(model.id);
    const metrics = await replica.service.parts.metrics.registry.metrics();
    expect(metrics).toMatch(new RegExp(`signet_audit_events_refused_total\\{reason="${reason}"[^}]*\\} [1-9]`));
    await until(async () => (await setAside(model.id))?.soon === false);
    expect(await setAside(model.id)).toEqual({ reason, soon: false });
  });

  it('is set aside as well where Postgres has its id already, and never tried again', async () => {
    const known = changed();
    await on.record(known);
    await isStored(known);
    await until(async () => !(await on.unconfirmed()).includes(known.id));
    await on.wipeStream();
    const { id, subject } = known;
    const aggregate = `password:${newId(accountId)}`;
    const leaf = JSON.stringify({ ...known.head, aggregate, aggregateversion: 1 });
    await on.recordForeign({ id, subject, aggregate, version: 1, leaf });
    await until(async () => (await refusalOf(id)).length > 0);
    expect(await refusalOf(id)).toMatchObject([{ reason: 'not_storable', data: { subject, event: id } }]);
    const metrics = await replica.service.parts.metrics.registry.metrics();
    expect(metrics).toMatch(/signet_audit_events_refused_total\{reason="not_storable"[^}]*\} 1$/m);
    await until(async () => (await on.underWay()) === 0);
  });

  it('is refused as well where it takes the place of another event', async () => {
    const account = newId(accountId);
    const first = changed(account);
    await on.record(first);
    await isStored(first);
    const second = changed(account);
    await on.record(second, 1);
    await until(async () => (await refusalOf(second.id)).length > 0);
    expect(await refusalOf(second.id)).toMatchObject([{ reason: 'version_taken' }]);
    await until(async () => (await setAside(second.id))?.reason === 'version_taken');
  });

  it('is set aside for a shorter time where it only waits for its turn, and confirmed when that has come', async () => {
    const account = newId(accountId);
    const [first, second] = [changed(account), changed(account)];
    await on.record(second, 2);
    await until(async () => (await setAside(second.id))?.reason === 'waits');
    expect(await setAside(second.id)).toEqual({ reason: 'waits', soon: true });
    await on.record(first, 1);
    await isStored(first);
    await on.wipeStream();
    await on.sendAgain();
    await until(async () => !(await on.unconfirmed()).includes(second.id));
  });

  it('is in the log at once when what it waited for is, with all that waits behind it', async () => {
    const account = newId(accountId);
    const [first, second, third] = [changed(account), changed(account), changed(account)];
    await on.record(second, 2);
    await on.record(third, 3);
    for (const { id } of [second, third]) await until(async () => (await setAside(id))?.reason === 'waits');
    await on.database.query(`update authn.outbox set sent_at = now() + interval '1 hour' where set_aside = 'waits'`);
    await on.wipeStream();
    await on.record(first, 1);
    for (const event of [first, second, third]) await isStored(event);
  });

  it('is told of once, also when it comes again to the writer after this one', async () => {
    const { id, subject, aggregate } = changed();
    await on.recordForeign({ id, subject, aggregate, version: 1, leaf: '{"id"' });
    await until(async () => (await setAside(id))?.soon === false);
    await until(async () => (await refusalOf(id)).length > 0);
    await replica.stop();
    replica = await on.startReplica();
    await on.wipeStream();
    await on.database.query(`update authn.outbox set sent_at = now() - interval '1 minute' where id = $1`, [id]);
    await until(async () => (await setAside(id))?.soon === false);
    const news = changed();
    await on.recordForeign({ id: news.id, subject, aggregate: news.aggregate, version: 1, leaf: '{"id"' });
    await until(async () => (await refusalOf(news.id)).length > 0);
    expect(await refusalOf(id)).toHaveLength(1);
    const metrics = await replica.service.parts.metrics.registry.metrics();
    expect(metrics).toMatch(/signet_audit_events_refused_total\{reason="not_json"[^}]*\} 1$/m);
    expect(metrics).toMatch(/signet_dead_letters_total\{consumer="audit"[^}]*\} 1$/m);
  });
});
