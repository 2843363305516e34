import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  accountId,
  forgetAccount,
  newId,
  passwordChanged,
  sessionId,
  showId,
  signInFailed,
  signInSucceeded,
  tenantId,
  type RecordedEvent,
} from '@signet/contracts';
import { callContext } from '@signet/messaging';
import { AuditedTenants } from './audited-tenants.js';
import { runAudit, until, type RunningAudit } from './running-audit.js';

let on: RunningAudit;
let tenants: AuditedTenants;
let origin: string;
let reader: string;

const [alice, bob, session] = [newId(accountId), newId(accountId), newId(sessionId)];
const trace = '0af7651916cd43dd8448eb211c80319c';
const other = newId(tenantId);
let events: { failed: RecordedEvent; signedIn: RecordedEvent; changed: RecordedEvent; foreign: RecordedEvent };

beforeAll(async () => {
  on = await runAudit();
  tenants = await AuditedTenants.of(on);
  tenants.tenant('globex', other);
  origin = await tenants.at(await on.startReplica());
  reader = tenants.token('default', ['events:read', 'accounts:read']);
  const { events: factory } = on.producer.parts;
  const from = (ip: string) => ({ ip, userAgent: 'a browser' });
  const failure = (tenant: typeof other) =>
    factory.make(signInFailed, {
      ...{ tenantId: tenant, data: {}, personal: { username: 'alice' }, reason: 'wrong_password' },
      context: { actor: 'anonymous', network: from('192.0.2.7') },
    });
  events = {
    failed: failure(on.tenant),
    signedIn: callContext.run({ traceparent: `00-${trace}-b7ad6b7169203331-01` } as never, () =>
      factory.make(signInSucceeded, {
        ...{ tenantId: on.tenant, account: alice, client: 'shop', session, data: { amr: ['pwd'] } },
        ...{ context: { actor: `account:${alice}`, network: from('192.0.2.200') }, personal: { username: 'alice' } },
      }),
    ),
    changed: factory.make(passwordChanged, {
      ...{ tenantId: on.tenant, aggregate: bob, account: bob, data: { by: 'configuration' } },
      context: { actor: 'operator:configuration' },
    }),
    foreign: failure(other),
  };
  await on.recordAll(Object.values(events));
  await until(async () => (await on.entries()).length >= 4);
});
afterAll(async () => {
  await tenants.stop();
  await on.stop();
});

const ask = (path: string, bearer = reader) => tenants.ask(bearer, 'GET', `${origin}/admin/v1/events${path}`);
type Items = readonly { id: string; type: string; logindex: number; data: Record<string, unknown> }[];
const itemsOf = async (query: string, bearer = reader) => {
  const { status, body } = await ask(`?${query}`, bearer);
  expect([query, status]).toEqual([query, 200]);
  return body['items'] as Items;
};
/** Of the producer's events alone: reading has events of its own. */
const names = async (query: string) => {
  const known = new Map(Object.entries(events).map(([name, { id }]) => [id as string, name]));
  return (await itemsOf(query)).flatMap(({ id }) => known.get(id) ?? []);
};

describe('GET /admin/v1/events', () => {
  it('is answered by each filter and by several, the newest first, and tells nothing of another tenant', async () => {
    const [type, time] = ['signet.authn.sign-in', String(events.changed.head['time'])];
    for (const [query, found] of [
      ['', ['changed', 'signedIn', 'failed']],
      ['order=oldest', ['failed', 'signedIn', 'changed']],
      [`type=${type}.failed.v1`, ['failed']],
      [`type=${type}.*`, ['signedIn', 'failed']],
      ['type=signet.directory.*', []],
      [`type=${type}.*&order=oldest&account=${alice}`, ['signedIn']],
      [`actor=account:${alice}`, ['signedIn']],
      [`actor=account:${showId('acc', alice)}`, ['signedIn']],
      ['actor=anonymous', ['failed']],
      [`account=${showId('acc', bob)}`, ['changed']],
      ['client=shop', ['signedIn']],
      [`session=${showId('ses', session)}`, ['signedIn']],
      [`session=${session}`, ['signedIn']],
      ['network=192.0.2.7', ['failed']],
      ['network=::ffff:192.0.2.7', ['failed']],
      ['network=192.0.2.0/24', ['signedIn', 'failed']],
      ['network=192.0.3.0/24', []],
      ['network=192.0.2.0/24&outcome=success', ['signedIn']],
      ['outcome=failure', ['failed']],
      ['outcome=success', ['changed', 'signedIn']],
      [`trace=${trace}`, ['signedIn']],
      [`aggregate=${events.changed.aggregate}`, ['changed']],
      [`aggregate=${events.foreign.aggregate}`, []],
      [`since=${time}&account=${bob}`, ['changed']],
      [`until=${time}&account=${bob}`, []],
      [`until=${time.replace('Z', '000001Z')}&account=${bob}`, ['changed']],
      [`since=${time.replace('Z', '000001Z')}&account=${bob}`, []],
      [`client=shop&actor=anonymous`, []],
    ] as const) {
      expect([query, await names(query)]).toEqual([query, found]);
    }
  });

  it('pages by sealed cursors, each event once, towards an end that reading does not push on', async () => {
    for (const order of ['newest', 'oldest']) {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const { status, body } = await ask(`?limit=1&order=${order}${cursor === undefined ? '' : `&cursor=${cursor}`}`);
        expect(status).toBe(200);
        seen.push(...(body['items'] as Items).map(({ id }) => id));
        cursor = body['next_cursor'] as string | undefined;
      } while (cursor !== undefined);
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toEqual(expect.arrayContaining([events.failed.id, events.signedIn.id, events.changed.id]));
      expect(seen).toEqual(order === 'oldest' ? [...seen].sort() : [...seen].sort().reverse());
    }
    const { body } = await ask('?limit=1');
    expect((await ask(`?limit=1&client=shop&cursor=${String(body['next_cursor'])}`)).status).toBe(400);
  });

  it('shows personal parts to whoever asks and may read accounts', async () => {
    const [shown] = await itemsOf('outcome=failure&type=signet.authn.*&personal=true');
    expect(shown?.data['personal']).toEqual({
      username: 'alice',
      network: { ip: '192.0.2.7', userAgent: 'a browser' },
    });
    expect((await itemsOf('outcome=failure&type=signet.authn.*'))[0]?.data).toEqual({});
    const { status, body } = await ask('?personal=true', tenants.token('default', ['events:read']));
    expect([status, body['type']]).toEqual([403, 'urn:signet:problem:insufficient-permission']);
    expect((await ask('', tenants.token('default', ['accounts:read']))).status).toBe(403);
  });

  it.each([
    'type=token',
    'type=signet.nothing.*',
    'network=localhost',
    'network=192.0.2.1/24',
    'network=192.0.0.0/16',
    'trace=00',
    'since=yesterday',
    'actor=alice',
    'account=me',
    'outcome=maybe',
    'order=sideways',
    'unknown=1',
    'client=a%00b',
  ])('refuses %s', async (query) => {
    expect((await ask(`?${query}`)).status).toBe(400);
  });

  it('is itself an event, which tells no address', async () => {
    const bearer = tenants.token('default', ['events:read']);
    expect(await itemsOf('network=192.0.2.7&outcome=failure', bearer)).toHaveLength(1);
    expect((await ask(`/${events.changed.id}`, bearer)).status).toBe(200);
    const told = () => itemsOf(`actor=client:${bearer}&type=signet.audit.events.read.v1&order=oldest`);
    await until(async () => (await told()).length === 2);
    expect((await told()).map(({ data }) => data)).toEqual([
      { filters: { network: '*', outcome: 'failure' }, count: 1, personalParts: false },
      { filters: { id: events.changed.id }, count: 1, personalParts: false },
    ]);
    const { leaf } = (
      await on.database.query<{ leaf: Buffer }>('select leaf from audit.entry where actor = $1', [`client:${bearer}`])
    )[0] ?? { leaf: Buffer.alloc(0) };
    expect(leaf.toString('utf8')).not.toContain('192.0.2');
  });
});

describe('GET /admin/v1/events/{event_id}', () => {
  it('shows one of the tenant, and nothing of another', async () => {
    const { status, body } = await ask(`/${events.signedIn.id}?personal=true`);
    expect([status, body]).toMatchObject([200, { id: events.signedIn.id, data: { personal: { username: 'alice' } } }]);
    expect((await ask(`/${events.foreign.id}`)).status).toBe(404);
    expect((await ask(`/${events.foreign.id}`, tenants.token('globex', ['events:read']))).status).toBe(200);
    expect((await ask('/nothing')).status).toBe(404);
  });
});

it('finds nobody by a network who was erased, and every other event of it', async () => {
  await on.requester.request(forgetAccount.audit, { tenantId: on.tenant, accountId: alice });
  expect(await names('network=192.0.2.0/24')).toEqual(['failed']);
  const [entry] = await itemsOf(`account=${alice}&client=shop&personal=true`);
  expect([entry?.id, entry?.data]).toEqual([events.signedIn.id, { amr: ['pwd'] }]);
});
