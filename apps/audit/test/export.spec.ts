import { createGunzip } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { accountId, forgetAccount, newId, signInSucceeded, tenantId, type RecordedEvent } from '@signet/contracts';
import { ServiceLogger } from '@signet/service';
import { exportLimits, ExportPlaces } from '../src/exporting/export-places.js';
import { PersonalParts } from '../src/personal/personal-parts.js';
import { Judgements } from '../src/streaming/judgements.js';
import { AuditedTenants } from './audited-tenants.js';
import { runAudit, until, type Replica, type RunningAudit } from './running-audit.js';

let on: RunningAudit;
let tenants: AuditedTenants;
let origin: string;
let replica: Replica;
let reader: string;
let events: RecordedEvent[];
const alice = newId(accountId);

beforeAll(async () => {
  on = await runAudit();
  tenants = await AuditedTenants.of(on);
  tenants.tenant('globex', newId(tenantId));
  replica = await on.startReplica();
  origin = await tenants.at(replica);
  reader = tenants.token('default', ['events:read', 'accounts:read']);
  events = Array.from({ length: 1_100 }, () =>
    on.producer.parts.events.make(signInSucceeded, {
      ...{
        tenantId: on.tenant,
        account: alice,
        client: 'shop',
        data: { amr: ['pwd'] },
        personal: { username: 'alice' },
      },
      context: { actor: `account:${alice}`, network: { ip: '192.0.2.7', userAgent: 'a browser' } },
    }),
  );
  await on.recordAll(events);
  await until(async () => (await on.entries()).length >= events.length);
}, 60_000);
afterAll(async () => {
  await tenants.stop();
  await on.stop();
});

interface Line {
  readonly id: string;
  readonly logindex: number;
  readonly data: Record<string, unknown>;
}

const get = (query: string, bearer = reader, headers = {}, path = '') =>
  fetch(`${origin}/audit/v1/export${path}?${query}`, { headers: { Authorization: `Bearer ${bearer}`, ...headers } });
const linesOf = (text: string) => {
  expect(text.endsWith('\n') || text === '').toBe(true);
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line & Record<string, unknown>);
};
const lines = async (query: string) => linesOf(await (await get(query)).text());
const own = 'type=signet.authn.*';

describe('GET /audit/v1/export', () => {
  it('gives each entry of the log once, in its order, up to where it ended', async () => {
    const answer = await get('');
    const size = Number(answer.headers.get('Signet-Log-Size'));
    const given = linesOf(await answer.text());
    expect(given.map(({ logindex }) => logindex)).toEqual(Array.from({ length: size }, (_, place) => place));
    const ids = new Set(given.map(({ id }) => id));
    expect(events.filter(({ id }) => !ids.has(id))).toEqual([]);
  });

  it('goes on after the last line that came', async () => {
    const all = await lines(own);
    const [head, tail] = [all.slice(0, 700), all.slice(700)];
    expect(await lines(`${own}&after=${head.at(-1)?.logindex ?? ''}`)).toEqual(tail);
    expect(await lines(`${own}&after=${all.at(-1)?.logindex ?? ''}`)).toEqual([]);
    expect((await get('after=10000000')).status).toBe(400);
  });

  it('is filtered by type and time', async () => {
    const all = await lines(own);
    const [middle] = all.slice(400) as unknown as { time: string }[];
    const [before, after] = await Promise.all([
      lines(`${own}&until=${middle?.time ?? ''}`),
      lines(`${own}&since=${middle?.time ?? ''}`),
    ]);
    expect([...before, ...after].map(({ id }) => id)).toEqual(all.map(({ id }) => id));
    expect(all).toHaveLength(events.length);
    expect(await lines('type=signet.directory.*')).toEqual([]);
  });

  it('passes over what lies outside its times', async () => {
    const statements = async () => {
      const { values } = await replica.service.parts.metrics.statements.get();
      return values.reduce(
        (sum, { labels, value }) => sum + (/^audit[.]entry[.]read-range/.test(String(labels.statement)) ? value : 0),
        0,
      );
    };
    const before = await statements();
    expect(await lines('until=2026-01-01T00:00:00Z')).toEqual([]);
    expect((await statements()) - before).toBe(1);
  });

  it('is zipped for whoever takes it so', async () => {
    const { request } = await import('node:http');
    const zipped = await new Promise<{ encoding: unknown; text: string }>((resolve, reject) => {
      const url = new URL(`${origin}/audit/v1/export?${own}`);
      request(
        url,
        { headers: { Authorization: `Bearer ${reader}`, 'Accept-Encoding': 'br, gzip;q=0.5' } },
        (answer) => {
          let text = '';
          answer
            .pipe(createGunzip())
            .on('data', (chunk: Buffer) => (text += chunk.toString('utf8')))
            .on('end', () => {
              resolve({ encoding: answer.headers['content-encoding'], text });
            })
            .on('error', reject);
        },
      ).end();
    });
    expect(zipped.encoding).toBe('gzip');
    expect(linesOf(zipped.text)).toEqual(await lines(own));
    const plain = await get(own, reader, { 'Accept-Encoding': 'gzip;q=0' });
    expect(plain.headers.get('Content-Encoding')).toBeNull();
    await plain.text();
  });

  it('tells personal parts to whoever asks and may, and OCSF with the index as its sequence', async () => {
    const [first] = await lines(`${own}&personal=true`);
    expect(first?.data['personal']).toEqual({
      username: 'alice',
      network: { ip: '192.0.2.7', userAgent: 'a browser' },
    });
    const told = await lines(`${own}&format=ocsf&personal=true`);
    expect(told[0]).toMatchObject({
      ...{ class_uid: 3002, activity_id: 1, type_uid: 300201, status_id: 1 },
      metadata: {
        uid: first?.id,
        sequence: first?.logindex,
        version: '1.3.0',
        event_code: 'signet.authn.sign-in.succeeded.v1',
      },
      ...{ user: { uid: alice, name: 'alice' }, src_endpoint: { ip: '192.0.2.7' } },
    });
    expect(JSON.stringify(await lines(`${own}&format=ocsf`))).not.toMatch(/alice"|192\.0\.2/);
    expect((await get('personal=true', tenants.token('default', ['events:read']))).status).toBe(403);
  });

  it('is refused to whoever may not, and gives no tenant another’s', async () => {
    expect((await get('', tenants.token('default', ['accounts:read']))).status).toBe(403);
    expect((await get('', 'nobody')).status).toBe(401);
    const globex = tenants.token('globex', ['events:read']);
    expect((await get('', globex)).status).toBe(401);
    const there = await get('', globex, {}, '/t/globex');
    const given = linesOf(await there.text()) as unknown as { tenant: string }[];
    expect([there.status, given.filter(({ tenant }) => tenant === on.tenant)]).toEqual([200, []]);
  });

  it.each(['format=xml', 'after=-1', 'after=x', 'since=now', 'type=x', 'personal=yes', 'unknown=1', 'after=1&after=2'])(
    'refuses %s',
    async (query) => {
      expect((await get(query)).status).toBe(400);
    },
  );

  it('is one of a few at once, and leaves its place', async () => {
    const places = replica.service.app.get(ExportPlaces);
    const statusOf = async () => {
      const answer = await get(`${own}&after=${events.length}`);
      await answer.text();
      return answer.status;
    };
    const enter = () =>
      places.enter(on.tenant, { scheme: 'Bearer', token: reader, method: 'GET', path: '/', permissions: [] }).leave;
    const leave = Array.from({ length: exportLimits.perTenant - 1 }, enter);
    // A place is left a moment after the reader has all.
    for (let round = 0; round < 2; round += 1) await until(async () => (await statusOf()) === 200);
    await until(() => Promise.resolve(places.count === leave.length));
    leave.push(enter());
    const refused = await get(own);
    expect([refused.status, refused.headers.get('Retry-After')]).toEqual([429, '30']);
    for (const one of leave) one();
    expect(await statusOf()).toBe(200);
  });

  it('that breaks off says why in the service log', async () => {
    const told: unknown[][] = [];
    const logger = replica.service.app.get(ServiceLogger);
    const parts = replica.service.app.get(PersonalParts);
    const error = new Error('no key');
    const spies = [
      jest.spyOn(logger, 'error').mockImplementation((...line) => void told.push(line)),
      jest.spyOn(parts, 'open').mockRejectedValue(error),
    ];
    try {
      await expect(lines(`${own}&personal=true`)).rejects.toThrow();
      await until(() => Promise.resolve(told.length > 0));
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
    expect(told).toEqual([['export.broken_off', { tenant: on.tenant, reason: 'failed', error }]]);
  });

  it('is broken off once its token is revoked', async () => {
    const bearer = tenants.token('default', ['events:read', 'accounts:read'], 'broken-off');
    const told: unknown[][] = [];
    const logger = replica.service.app.get(ServiceLogger);
    const judgements = replica.service.app.get(Judgements);
    const watch = judgements.watch.bind(judgements);
    let [watched, ended] = [false, false];
    const spies = [
      jest.spyOn(logger, 'info').mockImplementation((...line) => void told.push(line)),
      jest.spyOn(judgements, 'watch').mockImplementation((tenant, credential, end) => {
        watched = true;
        return watch(tenant, credential, (reason) => {
          ended = true;
          end(reason);
        });
      }),
      // Under way until then.
      jest.spyOn(replica.service.app.get(PersonalParts), 'open').mockImplementation(async () => {
        await until(() => Promise.resolve(ended));
        return new Map();
      }),
    ];
    try {
      const answer = get(`${own}&personal=true`, bearer);
      await Promise.all([
        expect(answer).rejects.toThrow(),
        until(() => Promise.resolve(watched)).then(() => {
          tenants.revoke(bearer);
        }),
      ]);
      await until(() => Promise.resolve(told.some(([name]) => name === 'export.broken_off')));
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
    expect(told).toContainEqual(['export.broken_off', { tenant: on.tenant, reason: 'token' }]);
  }, 30_000);

  it('is an event', async () => {
    const bearer = tenants.token('default', ['events:read']);
    await (await get('after=5&format=ocsf&type=signet.token.*', bearer)).text();
    const begun = async () =>
      (await lines('type=signet.audit.export.begun.v1')).filter(({ actor }) => actor === `client:${bearer}`);
    await until(async () => (await begun()).length === 1);
    expect((await begun())[0]?.data).toMatchObject({ format: 'ocsf', from: 6, filters: { type: 'signet.token.*' } });
  });

  it('tells nothing personal of who was erased, and every entry as before', async () => {
    const before = await lines(own);
    await on.requester.request(forgetAccount.audit, { tenantId: on.tenant, accountId: alice });
    expect(await lines(`${own}&personal=true`)).toEqual(before);
  });
});
