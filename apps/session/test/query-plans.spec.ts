import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { newId, tenantId } from '@signet/contracts';
import { readWhole, suiteDatabase, type SuiteDatabase } from '@signet/testing';
import pg from 'pg';
import { sessionService } from '../src/index.js';
import { listSessions, type Filters } from '../src/store/list-sessions.js';

const tenants = Array.from({ length: 20 }, () => newId(tenantId));
const [tenant = newId(tenantId)] = tenants;
const account = (n: number) => `018f4e7c-2a10-7b3c-9d55-${String(n).padStart(12, '0')}`;

let suite: SuiteDatabase;
let client: pg.Client;

/** Enough that Postgres would rather not read it all, and of each ten sessions one that lives. */
beforeAll(async () => {
  suite = await suiteDatabase({ services: { session: sessionService.migrations } });
  await suite.query(`set session_replication_role = replica;
    set search_path = session;
    insert into session (tenant_id, id, account_id, secret_hash, since, auth_time, acr, amr, created_at, last_seen_at, idle_seconds,
        idle_expires_at, absolute_expires_at, ended_at, end_reason, version)
      select tenant, ('018f4e7c-2a10-7b3c-8' || lpad(n::text, 3, '0') || '-' || right(tenant::text, 12))::uuid,
        ('018f4e7c-2a10-7b3c-9d55-' || lpad((n % 100)::text, 12, '0'))::uuid, sha256('x'), now(), now(), '', '{}', now(), now(), 60,
        now() + (1 + n * 7919 % 1000) * interval '1 minute', now() + interval '1 day', case when n % 10 > 0 then now() end, case when n % 10 > 0 then 'logout' end, 1
      from unnest(array['${tenants.join("', '")}']::uuid[]) tenant, generate_series(1, 999) n;
    insert into participant (tenant_id, session_id, client_id, joined_at)
      select tenant_id, id, 'client' || (row_number() over (order by id)) % 20, now() from session;
    insert into session_authentication (tenant_id, session_id, version, auth_time, acr, amr)
      select tenant_id, id, 1, now(), '', '{}' from session`);
  await suite.query('vacuum analyze');
  client = new pg.Client({ connectionString: suite.serviceUrl('session'), options: '-c search_path=session' });
  await client.connect();
}, 60_000);
afterAll(async () => {
  await client.end();
  await suite.drop();
});

/** Rows that may be read for nothing: fewer than a tenant has that live. */
const mostRemoved = 60;

it.each<[string, Filters]>([
  ['all', {}],
  ['of an account', { account: account(10) }],
  ['of a client', { client: 'client7' }],
  ['of both', { account: account(10), client: 'client7' }],
])('no list reads a table whole: %s', async (_, filters) => {
  const { text, parameters } = listSessions(tenant, filters, { after: undefined, limit: 51 });
  expect(await readWhole(client, { text, values: parameters(undefined) }, mostRemoved)).toEqual([]);
});
