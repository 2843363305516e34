import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accountId, newId, tenantId } from '@signet/contracts';
import { readWhole, suiteDatabase, type SuiteDatabase } from '@signet/testing';
import pg from 'pg';
import { findEntry, findEntries, type EntryFilters } from '../src/reading/find-entries.js';
import { auditService } from '../src/index.js';

const tenants = Array.from({ length: 10 }, () => newId(tenantId));
const [tenant = newId(tenantId)] = tenants;
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

  it('for one event', async () => {
    const values = findEntry.parameters({ tenantId: tenant, id: alice });
    expect(await readWhole(client, { text: findEntry.text, values }, 0)).toEqual([]);
  });
});
