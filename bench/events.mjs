import { setTimeout as pause } from 'node:timers/promises';

import pg from 'pg';

import { median, withOneProcess } from './one-process.mjs';

const asked = 30;
const atOnce = 200_000;
/** Events are of the last 300 days, of a thousand accounts and a hundred clients; one in fifty is a failure, one in ten thousand is of the account looked for. */
const days = 300;

/**
 * Searching a large log by each filter, and exporting of it. The events are put into the log's table as they would have been appended; the tree takes
 * them in by itself.
 *
 * npm run bench -- events [how many]
 */
export async function run([given = '1000000']) {
  const count = Number(given);
  await withOneProcess(async ({ origin, start, databaseUrl }) => {
    const { signetProcess } = await start();
    const client = new pg.Client({ connectionString: databaseUrl });
    // The server ends it where a measurement was broken off.
    client.on('error', () => {});
    await client.connect();
    await begun(client);
    const found = await timed(`${count} events put in`, () => fill(client, count));
    await timed('taken into the tree, and signed', () => taken(client));
    await timed('vacuum analyze', () => client.query('vacuum analyze audit.entry'));
    await client.end();
    const bearer = await administrator(origin);
    const ask = async (query) => {
      const began = performance.now();
      const answer = await fetch(`${origin}/admin/v1/events?limit=50&${query}`, {
        headers: { authorization: `Bearer ${bearer}` },
      });
      const { items } = await answer.json();
      if (!answer.ok) throw new Error(`${query}: ${answer.status}`);
      return { milliseconds: performance.now() - began, items };
    };
    console.log(`pages of 50 in ${count} events, ${asked} times each:`);
    for (const [name, query] of Object.entries(searches(found))) {
      const answers = [];
      for (let round = 0; round < asked; round += 1) answers.push(await ask(query));
      const times = answers.map(({ milliseconds }) => milliseconds);
      console.log(
        `  ${name.padEnd(34)} median ${median(times).toFixed(1).padStart(6)} ms, worst ${Math.max(...times)
          .toFixed(1)
          .padStart(6)} ms, ${answers[0].items.length} found`,
      );
    }
    await exporting(origin, bearer);
    await signetProcess.stop();
  });
}

const searches = ({ account, middle, later, trace }) => ({
  'the newest': '',
  'the oldest': 'order=oldest',
  'an hour of 300 days': `since=${middle}&until=${later}`,
  'a common type': 'type=signet.token.code.issued.v1',
  'all types of a kind': 'type=signet.token.*',
  'a rare account': `account=${account}`,
  'a client': 'client=client7',
  'a client, failures': 'client=client7&outcome=failure',
  failures: 'outcome=failure',
  'an actor': 'actor=client:client7',
  'a trace': `trace=${trace}`,
  'a rare account, a type, an hour': `account=${account}&type=signet.token.code.issued.v1&since=${middle}&until=${later}`,
  'an account that nobody has': 'account=01999999-0000-7000-8000-000000000000',
});

/** The configuration's own events are in the log, so that no writer appends between those that are put in. */
async function begun(client) {
  for (;;) {
    const { rows } = await client.query('select from audit.tree where size > 10');
    if (rows.length > 0) return;
    await pause(250);
  }
}

async function fill(client, count) {
  await client.query('set session_replication_role = replica; set search_path = audit');
  const { rows } = await client.query(`select tenant_id, size from log_head order by size desc limit 1`);
  const [{ tenant_id: tenant, size }] = rows;
  const now = Date.now();
  const first = now - days * 86_400_000;
  const account = '0198c5a0-1111-7b7a-9d2f-1c2d3e4f5a6b';
  for (let from = 0; from < count; from += atOnce) {
    await client.query(
      `insert into entry (class, tenant_id, index, ordinal, id, subject, type, aggregate, aggregate_version, actor, account, client,
        session, failed, trace, leaf, stream_created, stream_sequence)
      select case when n % 3 = 0 then 'authentication' else 'tokens' end, $1::uuid, $2::bigint + n, $2::bigint + 1000 + n, id, subject, type,
        'code:' || id, 1, actor, account, client, session, n % 50 = 0, trace,
        convert_to(json_build_object('specversion', '1.0', 'id', id, 'source', '/signet/token', 'type', type, 'time',
          to_char(to_timestamp(at / 1000.0) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
          'datacontenttype', 'application/json', 'tenant', $1::uuid, 'aggregate', 'code:' || id, 'aggregateversion', 1, 'actor', actor,
          'subject', 'account:' || account, 'client', client, 'session', session,
          'traceparent', '00-' || replace(trace::text, '-', '') || '-00f067aa0ba902b7-01',
          'personaldigest', md5(n::text) || md5(id::text), 'data', json_build_object('scopes', array['openid', 'profile', 'email']))::text, 'UTF8'),
        '2026-01-01T00:00:00Z', n
      from (
        select n, at, (lpad(to_hex(at), 12, '0') || '7' || substr(md5(n::text), 14, 3) || '8' || substr(md5(n::text || 'x'), 18))::uuid as id,
          'signet.events.v1.' || $1::uuid || '.token.code.issued' as subject,
          case when n % 2 = 0 then 'signet.token.code.issued.v1' else 'signet.token.code.redeemed.v1' end as type,
          'client:client' || n % 100 as actor, 'client' || n % 100 as client,
          case when n % 10000 = 0 then $6 else md5((n % 1000)::text)::uuid::text end as account,
          md5((n / 4)::text)::uuid::text as session, md5((n / 2)::text || 't')::uuid as trace
        from (select n, ($3::bigint + (n::numeric * $4 / $5))::bigint as at from generate_series($7::bigint, $8::bigint) n) as times
      ) as made`,
      [tenant, size, first, days * 86_400_000, count, account, from, Math.min(from + atOnce, count) - 1],
    );
  }
  await client.query('update log_head set size = size + $2 where tenant_id = $1', [tenant, count]);
  await client.query('update writer set ordinal = (select max(ordinal) from entry)');
  const middle = now - 150 * 86_400_000;
  const { rows: some } = await client.query(`select trace from entry where tenant_id = $1 and index = $2`, [
    tenant,
    Number(size) + Math.floor(count / 2),
  ]);
  return {
    account,
    middle: new Date(middle).toISOString(),
    later: new Date(middle + 3_600_000).toISOString(),
    trace: some[0].trace.replaceAll('-', ''),
  };
}

async function taken(client) {
  for (;;) {
    const { rows } = await client.query(
      'select from audit.log_head head join audit.tree using (tenant_id) where head.size > tree.size + 100',
    );
    if (rows.length === 0) return;
    await pause(250);
  }
}

async function exporting(origin, bearer) {
  const began = performance.now();
  const answer = await fetch(`${origin}/audit/v1/export`, { headers: { authorization: `Bearer ${bearer}` } });
  let bytes = 0;
  let lines = 0;
  for await (const chunk of answer.body) {
    bytes += chunk.length;
    for (const byte of chunk) if (byte === 10) lines += 1;
    if (performance.now() - began > 20_000) break;
  }
  const seconds = (performance.now() - began) / 1000;
  console.log(`export: ${(lines / seconds).toFixed(0)} events a second, ${(bytes / seconds / 1e6).toFixed(1)} MB`);
}

async function administrator(origin) {
  const answer = await fetch(`${origin}/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from('demo-admin:demo-admin-secret').toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'signet:admin' }),
  });
  if (!answer.ok) throw new Error(`no token: ${await answer.text()}`);
  return (await answer.json()).access_token;
}

async function timed(what, work) {
  const began = performance.now();
  const result = await work();
  console.log(`${what}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return result;
}
