import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, passwordChanged, accountId, signInFailed, tenantId, type RecordedEvent } from '@signet/contracts';
import { AuditedTenants } from './audited-tenants.js';
import { EventSourceClient, type Message } from './event-source.js';
import { runAudit, until, type Replica, type RunningAudit } from './running-audit.js';

let on: RunningAudit;
let tenants: AuditedTenants;
let writer: Replica;
let origin: string;
let reader: string;
const open: EventSourceClient[] = [];

beforeAll(async () => {
  on = await runAudit();
  tenants = await AuditedTenants.of(on);
  tenants.tenant('globex', newId(tenantId));
  writer = await on.startReplica();
  await until(async () => (await on.database.query('select from audit.writer where holder is not null')).length === 1);
  origin = await tenants.at(writer);
  reader = tenants.token('default', ['events:read']);
});
afterEach(() => {
  for (const source of open.splice(0)) source.close();
});
afterAll(async () => {
  await tenants.stop();
  await on.stop();
});

const type = 'signet.authn.sign-in.failed.v1';
const failed = (username = 'alice'): RecordedEvent =>
  on.producer.parts.events.make(signInFailed, {
    ...{ tenantId: on.tenant, data: {}, personal: { username }, reason: 'wrong_password' },
    context: { actor: 'anonymous', network: { ip: '192.0.2.7', userAgent: 'a browser' } },
  });
const changed = (): RecordedEvent => {
  const account = newId(accountId);
  const context = { actor: 'operator:configuration' } as const;
  return on.producer.parts.events.make(passwordChanged, {
    ...{ tenantId: on.tenant, aggregate: account, account, context, data: { by: 'configuration' } },
  });
};
const inLog = (ids: readonly string[]) =>
  until(async () => {
    const known = new Set((await on.entries()).map(({ id }) => id));
    return ids.every((id) => known.has(id));
  });
async function record(...events: RecordedEvent[]): Promise<string[]> {
  await on.recordAll(events);
  const ids = events.map(({ id }) => id);
  await inLog(ids);
  return ids;
}

async function follow(query = '', headers: Record<string, string> = {}, bearer = reader, at = origin) {
  const source = await EventSourceClient.open(`${at}/audit/v1/stream${query}`, {
    Authorization: `Bearer ${bearer}`,
    ...headers,
  });
  open.push(source);
  return source;
}
const eventOf = ({ data }: Message) => JSON.parse(data) as { id: string; logindex: number; type: string; data: object };
const idsOf = (messages: readonly Message[]) => messages.map((message) => eventOf(message).id);
const asking = (query: string, bearer = reader, headers = {}) =>
  tenants.ask(bearer, 'GET', `${origin}/audit/v1/stream${query}`, undefined, headers);

describe('GET /audit/v1/stream', () => {
  it('tells the log from its beginning, then what is appended, each event once by its index', async () => {
    const before = await record(failed(), changed(), failed());
    const source = await follow('?from=start');
    expect(source.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(source.response.headers.get('cache-control')).toBe('no-store');
    const after = await record(failed());
    const entries = await on.entries();
    const messages = await source.take(entries.length);
    expect(messages.map(({ lastEventId }) => Number(lastEventId))).toEqual(entries.map((_, index) => index));
    expect(idsOf(messages)).toEqual(entries.map(({ id }) => id));
    expect(idsOf(messages)).toEqual(expect.arrayContaining([...before, ...after]));
    const first = messages.map(eventOf)[0];
    expect(first).toMatchObject({ specversion: '1.0', logindex: 0, source: '/signet/authn', tenant: on.tenant });
    // The personal part stays away where nobody asks for it.
    expect(JSON.stringify(messages)).not.toMatch(/alice|192\.0\.2\.7/);
  });

  it('begins at the end, and tells where that was before anything comes', async () => {
    await record(failed());
    const before = (await on.entries()).length;
    const source = await follow(`?type=${type}`);
    const ids = await record(failed());
    const [message] = await source.take(1);
    // Not the one that was there before.
    expect(message && [eventOf(message).id]).toEqual(ids);
    expect(message && eventOf(message).logindex).toBeGreaterThanOrEqual(before);
  });

  it.each(['Last-Event-ID', 'after'])('goes on by %s without gap or duplicate', async (by) => {
    const source = await follow('?from=start');
    await source.take(2);
    source.close();
    const missed = await record(failed(), changed());
    const again =
      by === 'after'
        ? await follow(`?after=${source.lastEventId}`)
        : await follow('?from=start', { 'Last-Event-ID': source.lastEventId });
    const entries = (await on.entries()).slice(2);
    expect(idsOf(await again.take(entries.length))).toEqual(entries.map(({ id }) => id));
    expect(entries.map(({ id }) => id)).toEqual(expect.arrayContaining(missed));
  });

  // HTML section 9.2.6: an id without data moves the last event id.
  it('tells its place with no event, so that one that breaks off before the first is resumed as well', async () => {
    await record(changed());
    const source = await follow(`?type=${type}`);
    const waiting = source.next();
    await until(() => Promise.resolve(source.lastEventId !== ''));
    source.close();
    await waiting.catch(() => undefined);
    const missed = await record(failed(), failed());
    const again = await follow(`?type=${type}`, { 'Last-Event-ID': source.lastEventId });
    expect(idsOf(await again.take(2))).toEqual(missed);
  });

  it('tells the types that are wanted, by name and by what they begin with', async () => {
    const [wanted] = await record(changed());
    await record(failed());
    const named = await follow('?from=start&type=signet.authn.password.changed.v1&type=signet.audit.stream.begun.v1');
    const types = (await named.take(3)).map((message) => eventOf(message).type);
    expect(new Set(types)).toEqual(new Set(['signet.authn.password.changed.v1', 'signet.audit.stream.begun.v1']));
    const below = await follow('?from=start&type=signet.authn.password.*');
    const entries = (await on.database.query<{ id: string }>(
      `select id from audit.entry where type like 'signet.authn.password.%' order by index`,
    )) as { id: string }[];
    expect(entries.map(({ id }) => id)).toContain(wanted);
    expect(idsOf(await below.take(entries.length))).toEqual(entries.map(({ id }) => id));
  });

  it('tells personal parts to who asks for them and has accounts:read, and to nobody else', async () => {
    await record(failed('carol'));
    expect((await asking('?personal=true')).status).toBe(403);
    const source = await follow(
      `?from=start&personal=true&type=${type}`,
      {},
      tenants.token('default', ['events:read', 'accounts:read']),
    );
    const [message] = await source.take(1);
    expect(message && eventOf(message).data).toMatchObject({ personal: { network: { ip: '192.0.2.7' } } });
  });

  it('is told by every replica, whichever writes', async () => {
    const other = await on.startReplica();
    const source = await follow(`?type=${type}`, {}, reader, await tenants.at(other));
    const ids = await record(failed(), failed());
    expect(idsOf(await source.take(2))).toEqual(ids);
    await other.stop();
  });

  it('reads once for all who listen', async () => {
    const sources = await Promise.all(Array.from({ length: 12 }, () => follow(`?type=${type}`)));
    const count = async () => {
      const { values } = await writer.service.parts.metrics.statements.get();
      return values.find(({ labels }) => labels.statement === 'audit.entry.read-range')?.value ?? 0;
    };
    const before = await count();
    const [mine] = await record(failed());
    for (const source of sources) expect(idsOf(await source.take(1))).toEqual([mine]);
    // Their beginnings are events themselves, which come in a few batches.
    expect((await count()) - before).toBeLessThan(8);
  });

  it('is an event of the log to begin', async () => {
    const bearer = tenants.token('default', ['events:read']);
    await follow(`?type=${type}`, {}, bearer);
    const begun = async () =>
      (await on.entries())
        .map(({ leaf }) => JSON.parse(leaf.toString('utf8')) as { type: string; client?: string })
        .find(({ type: of, client }) => of === 'signet.audit.stream.begun.v1' && client === bearer);
    await until(async () => (await begun()) !== undefined);
    expect(await begun()).toMatchObject({ actor: `client:${bearer}`, data: { types: [type], personalParts: false } });
  });

  it('ends when the service is about to, and is there again elsewhere', async () => {
    const other = await on.startReplica();
    const source = await follow(`?type=${type}`, {}, reader, await tenants.at(other));
    const ended = source.next();
    other.service.endLongAnswers();
    expect(await ended).toBeUndefined();
    await other.stop();
    const ids = await record(failed());
    const again = await follow(`?type=${type}`, { 'Last-Event-ID': source.lastEventId });
    expect(idsOf(await again.take(1))).toEqual(ids);
  });

  it('ends with a word for it once its token is revoked', async () => {
    const bearer = tenants.token('default', ['events:read']);
    const source = await follow(`?type=signet.token.*`, {}, bearer);
    tenants.revoke(bearer);
    expect(await source.next()).toMatchObject({ event: 'end', data: '{"reason":"token"}' });
    expect(await source.next()).toBeUndefined();
  }, 30_000);

  it.each([
    ['?after=-1', 400],
    ['?after=1e3', 400],
    ['?after=99999999', 400],
    ['?from=middle', 400],
    ['?from=start&after=1', 400],
    ['?type=nonsense', 400],
    ['?personal=yes', 400],
    ['?colour=red', 400],
  ])('refuses %s', async (query, status) => {
    const answer = await asking(query);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  });

  it('refuses a Last-Event-ID that is none of its own', async () => {
    expect((await asking('', reader, { 'Last-Event-ID': 'abc' })).status).toBe(400);
    expect((await asking('', reader, { 'Last-Event-ID': '99999999' })).status).toBe(400);
  });

  it('is for live tokens of the tenant with the permission alone', async () => {
    expect((await asking('', 'nobody')).status).toBe(401);
    expect((await asking('', tenants.token('globex', ['events:read']))).status).toBe(401);
    expect((await asking('', tenants.token('default', ['clients:read']))).status).toBe(403);
    const foreign = await tenants.ask(reader, 'GET', `${origin}/audit/v1/stream/t/globex`);
    expect(foreign.status).toBe(401);
    expect(foreign.headers.get('www-authenticate')).toContain('invalid_token');
  });
});
