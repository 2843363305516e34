import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accountId, newId, tenantId, webhookDeliveryOutcomes, webhookId } from '@signet/contracts';
import { readWhole, suiteDatabase, type SuiteDatabase } from '@signet/testing';
import pg from 'pg';
import { findBehind, findTiles, hashEntries } from '../src/tree/tree-statements.js';
import { readLeaves } from '../src/tree/reading-statements.js';
import { listDeliveries } from '../src/webhooks/store/deliveries.js';
import { forgetDeliveries, kept } from '../src/webhooks/store/window.js';
import { forgetNetworks } from '../src/personal/forgotten-networks.js';
import { findEntry, findEntries, greatestId, leastIdOf, type EntryFilters } from '../src/reading/find-entries.js';
import { readRangeBetween } from '../src/reading/log-range.js';
import { TypeFilter } from '../src/reading/type-filter.js';
import { firstUnseen } from '../src/reading/reread-statements.js';
import { auditService } from '../src/index.js';

const tenants = Array.from({ length: 10 }, () => newId(tenantId));
const [tenant = newId(tenantId)] = tenants;
const webhooks = Array.from({ length: 10 }, () => newId(webhookId));
const [webhook = newId(webhookId)] = webhooks;
const alice = newId(accountId);
const mac = (text: string) => Buffer.from(text.padEnd(16, '0'));
const type = 'signet.authn.sign-in.failed.v1';

let suite: SuiteDatabase;
let client: pg.Client;

/** Of each tenant 4,000 events in each class, some of them in a month's partition; everything that is asked for below is one in a hundred of them, or fewer. */
beforeAll(async () => {
  suite = await suiteDatabase({ services: { audit: auditService.migrations } });
  await suite.query(`set session_replication_role = replica;
    set search_path = audit;
    create table entry_tokens_202601 partition of entry_tokens
      for values from ('019b7526-0000-0000-0000-000000000000') to ('019c14c4-0000-0000-0000-000000000000');
    insert into entry (class, tenant_id, index, ordinal, id, subject, type, aggregate, aggregate_version, actor, account, client,
      session, failed, trace, network_address, network_prefix, leaf, stream_created, stream_sequence)
    select (array['tokens', 'authentication', 'administration', 'audit'])[n % 4 + 1], tenant.id, n, n,
      (lpad(to_hex(1767225600000 + n * 1000000::bigint), 12, '0') || substr(md5(tenant.id || n::text), 13))::uuid,
      's', case when n % 100 = 0 then '${type}' else 'signet.token.client.authenticated.v1' end,
      'x:' || n / 100, n, case when n % 100 = 0 then 'account:${alice}' else 'client:' || n % 7 end,
      case when n % 100 = 0 then '${alice}' end, 'client' || n % 100, 'session' || n / 100, n % 100 = 0, md5((n / 100)::text)::uuid,
      convert_to(lpad((n % 200)::text, 16, '0'), 'UTF8'), convert_to(lpad((n % 100)::text, 16, '0'), 'UTF8'),
      '{}', 'a', n
    from unnest(array['${tenants.join("', '")}']::uuid[]) as tenant (id), generate_series(1, 4000) n`);
  await suite.query(`set session_replication_role = replica;
    set search_path = audit;
    insert into stream (created, first, last) values ('a', 1, 4000);
    insert into log_head (tenant_id, size) select id, 4001 from unnest(array['${tenants.join("', '")}']::uuid[]) as tenant (id);
    insert into log_head (tenant_id, size) select gen_random_uuid(), 1 from generate_series(1, 10000);
    insert into tree (tenant_id, origin, public_key, private_key, size, root, checkpoint, signed_at)
    select tenant_id, tenant_id::text, '', '', case size when 1 then 1 else 3900 end, '', 'signed', now() from log_head;
    insert into tile (tenant_id, level, index, hashes)
    select tenant.id, level, n, decode(repeat('00', 64), 'hex')
    from unnest(array['${tenants.join("', '")}']::uuid[]) as tenant (id), generate_series(0, 2) level, generate_series(0, 999) n`);
  await suite.query(`set session_replication_role = replica;
    set search_path = audit;
    insert into webhook (tenant_id, id, url, description, types, enabled, secret, version)
    select '${tenant}', id, '', '', '{}', true, '', 1 from unnest(array['${webhooks.join("', '")}']::uuid[]) as webhook (id);
    insert into webhook_delivery (tenant_id, webhook_id, index, event_id, type, aggregate, outcome, finished_at)
    select '${tenant}', webhook.id, n, gen_random_uuid(), '${type}', 'x:' || n, outcome, case
      when outcome = 'dead_lettered' then now() - n * interval '30 minutes'
      when n % 100 = 2 then now() - interval '2 days'
      when outcome = 'delivered' then now() - n * interval '40 seconds'
    end
    from unnest(array['${webhooks.join("', '")}']::uuid[]) as webhook (id), generate_series(1, 2000) n,
      lateral (select case n % 100 when 0 then 'dead_lettered' when 1 then null else 'delivered' end) as ended (outcome)`);
  await suite.query('vacuum analyze');
  client = new pg.Client({ connectionString: suite.serviceUrl('audit'), options: '-c search_path=audit' });
  await client.connect();
}, 60_000);
afterAll(async () => {
  await client.end();
  await suite.drop();
});

/** Rows that may be read for nothing: far fewer than the tenant has. */
const mostRemoved = 250;
const network = { address: [Buffer.from('0000000000000107')], prefix: [Buffer.from('0000000000000007')] };
const asked: Readonly<Record<string, Omit<EntryFilters, 'tenantId'>>> = {
  nothing: {},
  type: { types: [type] },
  types: { types: [type, 'signet.token.code.issued.v1'] },
  actor: { actor: `account:${alice}` },
  account: { account: alice },
  client: { client: 'client7' },
  session: { session: 'session7' },
  aggregate: { aggregate: 'x:7' },
  trace: { trace: '8f14e45fceea167a5a36dedd4bea2543' },
  failures: { outcome: 'failure' },
  successes: { outcome: 'success' },
  'a network': { network: { prefix: network.prefix } },
  'an address': { network },
  'networks under two keys': { network: { prefix: [...network.prefix, mac('x')] } },
  since: { since: 1767225600000 + 3_900 * 1_000_000 },
  until: { until: 1767225600000 + 100 * 1_000_000 },
};

describe('no search of the log reads a partition whole', () => {
  const names = Object.keys(asked);
  const pairs = names.flatMap((one, place) => names.slice(place).map((other) => [one, other] as const));

  it.each(pairs)('by %s and %s', async (one, other) => {
    for (const order of ['newest', 'oldest'] as const) {
      const filters = { tenantId: tenant, ...asked[one], ...asked[other] };
      const { text, parameters } = findEntries(filters, { order, after: undefined, limit: 51 });
      expect([order, await readWhole(client, { text, values: parameters(undefined) }, mostRemoved)]).toEqual([
        order,
        [],
      ]);
    }
  });

  it('for an export of some time', async () => {
    const range = { tenantId: tenant, from: 0, upTo: 20_000, types: new TypeFilter([]), limit: 500 };
    const between = { since: leastIdOf(1767225600000 + 3_900 * 1_000_000), until: greatestId };
    expect(await wholeOf(readRangeBetween, { ...range, ...between })).toEqual([]);
  });

  it('for one event', async () => {
    const values = findEntry.parameters({ tenantId: tenant, id: alice });
    expect(await readWhole(client, { text: findEntry.text, values }, 0)).toEqual([]);
  });
});

/** Of what a statement reads whole, the tables that grow with the log. */
async function wholeOf<P>(
  statement: { readonly text: string; readonly parameters: (given: P) => readonly unknown[] },
  given: P,
): Promise<string[]> {
  const whole = await readWhole(client, { text: statement.text, values: statement.parameters(given) }, mostRemoved);
  return whole.filter((relation) => /^(?:entry|tile)/.test(relation));
}

describe('where a consumer goes on in a long stream', () => {
  it.each([0, 2_000, 3_999, 4_000])(
    'is found without reading what lies after its position, or before: %i',
    async (sequence) => {
      const values = firstUnseen.parameters({ streamCreated: 'a', sequence, heldBack: 20 });
      const explain = `explain (analyze, timing off, format json) ${firstUnseen.text}`;
      const { rows } = await client.query<{ 'QUERY PLAN': unknown }>(explain, [...values]);
      expect(rowsOfEntries(rows[0]?.['QUERY PLAN'])).toBeLessThan(1_000);
      expect(await wholeOf(firstUnseen, { streamCreated: 'a', sequence, heldBack: 20 })).toEqual([]);
    },
  );
});

/** That a plan has read of entries, and of anything else that it has scanned. */
function rowsOfEntries(plan: unknown): number {
  if (typeof plan !== 'object' || plan === null) return 0;
  const { 'Relation Name': relation, 'Actual Rows': rows, 'Actual Loops': loops } = plan as Record<string, unknown>;
  const own = typeof relation === 'string' && relation.startsWith('entry') ? Number(rows) * Number(loops) : 0;
  return own + Object.values(plan).reduce<number>((sum, part) => sum + rowsOfEntries(part), 0);
}

describe('no tree is grown or read by reading entries or tiles whole', () => {
  it('which trees are behind', async () => {
    expect(await wholeOf(findBehind, { except: [tenant], trees: 100, plants: 20 })).toEqual([]);
  });

  it.each([1, 10])('the hashes of entries, of %i trees', async (count) => {
    const trees = tenants.slice(0, count).map((tenantId, place) => ({ tenantId, size: place === 0 ? 0 : 3_900 }));
    expect(await wholeOf(hashEntries, { trees, limit: 2_000 / count })).toEqual([]);
  });

  it.each([1, 10])('the last tiles of %i trees', async (count) => {
    const tiles = tenants
      .slice(0, count)
      .flatMap((tenantId) =>
        [0, 1, 2].flatMap((level) =>
          Array.from({ length: 10 }, (_, place) => ({ tenantId, level, index: 90 * place })),
        ),
      );
    expect(await wholeOf(findTiles, { tiles })).toEqual([]);
  });

  it('the entries of a bundle', async () => {
    expect(await wholeOf(readLeaves, { tenantId: tenant, first: 2_048, count: 256 })).toEqual([]);
  });
});

it('nothing is forgotten of an erased account by reading entries whole', async () => {
  const erased = { tenantId: tenant, accountId: alice, subject: `account:${alice}`, limit: 10 };
  await client.query('begin');
  try {
    await client.query('insert into subject_key (tenant_id, subject, key, erased_at) values ($1, $2, null, now())', [
      tenant,
      erased.subject,
    ]);
    expect(await wholeOf(forgetNetworks, erased)).toEqual([]);
  } finally {
    await client.query('rollback');
  }
});

describe('no webhook reads all deliveries', () => {
  const fewRemoved = 50;

  it.each([undefined, ...webhookDeliveryOutcomes])('listing those of outcome %s', async (outcome) => {
    for (const after of [undefined, '900']) {
      const of = { tenantId: tenant, webhookId: webhook };
      const { text, parameters } = listDeliveries(of, outcome, { after, limit: 51 });
      const values = [...parameters(undefined)];
      expect(await readWhole(client, { text, values }, fewRemoved)).toEqual([]);
      const { rows } = await client.query(`explain ${text}`, values);
      // What is put in order has been read whole, as what waits may be: it is no more than a window.
      expect(outcome !== 'waiting' && JSON.stringify(rows).includes('Sort')).toBe(false);
    }
  });

  it.each(kept)('forgetting those of %j', async (some) => {
    await client.query('begin');
    try {
      const values = forgetDeliveries.parameters({ ...some, limit: 100 });
      expect(await readWhole(client, { text: forgetDeliveries.text, values }, fewRemoved)).toEqual([]);
    } finally {
      await client.query('rollback');
    }
  });
});
