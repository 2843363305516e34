import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  accountId,
  eventId,
  newId,
  queryEntries,
  rereadEntries,
  sessionId,
  tenantId,
  type EventId,
  type TenantId,
} from '@signet/contracts';
import { MeshError } from '@signet/messaging';
import { runAudit, until, type RunningAudit } from './running-audit.js';

let on: RunningAudit;
beforeAll(async () => {
  on = await runAudit();
  await on.startReplica();
});
afterAll(() => on.stop());

interface Row {
  ordinal: number;
  id: EventId;
  stream: string;
  sequence: number;
  subject?: string;
  leaf?: string;
  type?: string;
  account?: string;
  client?: string;
  session?: string;
  aggregate?: string;
}

const subjectOf = (service: string, rest: string) => `signet.events.v1.${on.tenant}.${service}.${rest}`;

/** Entries as an append leaves them; how they came there is another suite's. */
async function insert(rows: readonly Row[], tenant: TenantId = on.tenant): Promise<void> {
  await on.database.query(
    'insert into audit.log_head (tenant_id, size) values ($1, $2) on conflict (tenant_id) do update set size = $2',
    [tenant, rows.length],
  );
  for (let from = 0; from < rows.length; from += 1_000) {
    const page = rows.slice(from, from + 1_000);
    const column = <K extends keyof Row>(name: K) => page.map((row) => row[name] ?? null);
    await on.database.query(
      `insert into audit.entry (class, tenant_id, index, ordinal, id, subject, type, aggregate, aggregate_version, actor,
         account, client, session, failed, leaf, stream_created, stream_sequence)
       select 'tokens', $1, ordinal, ordinal, id, subject, type, aggregate, 1, 'anonymous', account, client, session, false,
         convert_to(leaf, 'UTF8'), stream, sequence
       from unnest($2::bigint[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
         $10::text[], $11::text[], $12::bigint[])
         as given (ordinal, id, subject, type, aggregate, account, client, session, leaf, stream, sequence)`,
      [
        tenant,
        column('ordinal'),
        column('id'),
        page.map((row) => row.subject ?? subjectOf('token', 'revocation.raised')),
        page.map((row) => row.type ?? 'signet.token.revocation.raised.v1'),
        page.map((row) => row.aggregate ?? `revocation:${row.id}`),
        column('account'),
        column('client'),
        column('session'),
        page.map((row) => row.leaf ?? '{}'),
        column('stream'),
        column('sequence'),
      ],
    );
  }
  await on.database.query(
    `insert into audit.stream (created, first, last) select stream_created, min(ordinal), max(ordinal) from audit.entry group by 1
     on conflict (created) do update set first = excluded.first, last = excluded.last`,
  );
  await on.database.query('update audit.writer set ordinal = (select max(ordinal) from audit.entry)');
}

const clear = () => on.database.query('delete from audit.entry; delete from audit.log_head; delete from audit.stream');
const reread = async (after?: { streamCreated: string; sequence: number } | { ordinal: number }, limit = 500) =>
  on.requester.request(rereadEntries, { ...(after && { after }), subjects: ['signet.events.v1.>'], limit });
/** Of what a test has written: to query is an event of the log as well. */
const ordinals = ({ entries }: { entries: readonly { ordinal: number; subject: string }[] }) =>
  entries.filter(({ subject }) => !subject.endsWith('.audit.events.read')).map(({ ordinal }) => ordinal);

const streamA = '2026-11-01T00:00:00.123456789Z';
const streamB = '2026-11-02T00:00:00.5Z';
const row = (ordinal: number, stream: string, sequence: number): Row => ({
  ordinal,
  id: newId(eventId),
  stream,
  sequence,
});

async function code(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'ok',
    (error: unknown) => (error instanceof MeshError ? error.code : String(error)),
  );
}

describe('re-reading', () => {
  it('gives what came after a position, and what came by a later stream', async () => {
    await clear();
    await insert([row(1, streamA, 1), row(2, streamA, 2), row(3, streamA, 3), row(4, streamB, 1)]);
    expect(ordinals(await reread({ streamCreated: streamA, sequence: 2 }))).toEqual([3, 4]);
    expect(ordinals(await reread({ streamCreated: streamA, sequence: 3 }))).toEqual([4]);
    expect(ordinals(await reread({ streamCreated: streamB, sequence: 1 }))).toEqual([]);
    expect(ordinals(await reread())).toEqual([1, 2, 3, 4]);
    expect(ordinals(await reread({ ordinal: 2 }))).toEqual([3, 4]);
  });

  it('goes on from where it was when the last entries have been let go of', async () => {
    await clear();
    await insert([row(1, streamA, 1), row(2, streamA, 2), row(3, streamA, 3)]);
    await on.database.query('delete from audit.entry where ordinal > 1');
    expect(await reread({ ordinal: 2 })).toEqual({ entries: [], next: 3, more: false });
  });

  it('leaves out nothing that was appended before an older message which had to wait', async () => {
    await clear();
    // Sequence 2 waited for its turn, so that 3 has the lower ordinal.
    await insert([row(1, streamA, 1), row(2, streamA, 3), row(3, streamA, 2)]);
    expect(ordinals(await reread({ streamCreated: streamA, sequence: 2 }))).toContain(2);
  });

  it('begins with the first of many that came after a position, whatever is missing and whatever waited', async () => {
    await clear();
    // Repeats of what the log has leave no entry, here from 3,000 to 5,000; each tenth had to wait for thirty others.
    const came = Array.from({ length: 6_000 }, (_, place) => place + 1).filter((at) => at <= 3_000 || at > 5_000);
    const order = came.map((at) => ({ at, key: at % 10 === 0 ? at + 30.5 : at })).sort((a, b) => a.key - b.key);
    const rows = order.map(({ at }, place) => row(place + 1, streamA, at));
    await insert([...rows, row(rows.length + 1, streamB, 1)]);
    const among = Array.from({ length: 60 }, (_, place) => 5_400 + place);
    for (const sequence of [0, 1, 2_999, 3_000, 5_000, ...among, 5_999, 6_000]) {
      const first = rows.find((one) => one.sequence > sequence)?.ordinal ?? rows.length + 1;
      const found = ordinals(await reread({ streamCreated: streamA, sequence }, 1));
      expect([sequence, ...found]).toEqual([sequence, first]);
    }
  });

  it('leaves out nothing that an older stream still brought after a newer one had begun', async () => {
    await clear();
    await insert([row(1, streamA, 1), row(2, streamB, 1), row(3, streamA, 2), row(4, streamB, 2)]);
    expect(ordinals(await reread({ streamCreated: streamB, sequence: 2 }))).toContain(3);
  });

  it('pages through leaves of any size, within what a message carries, until it says that no more are there', async () => {
    await clear();
    const leaf = JSON.stringify({ data: { text: 'x'.repeat(900) } });
    const rows = Array.from({ length: 1_200 }, (_, place) => ({ ...row(place + 1, streamA, place + 1), leaf }));
    await insert(rows);
    const seen: number[] = [];
    for (let after = 0, more = true; more;) {
      const page = await reread({ ordinal: after });
      expect(page.next).toBeGreaterThan(after);
      seen.push(...ordinals(page));
      after = page.next;
      more = page.more;
    }
    expect(seen).toEqual(rows.map(({ ordinal }) => ordinal));
  });

  it('finds rare subjects in a long log, and where the log ends', async () => {
    await clear();
    const rows = Array.from({ length: 45_000 }, (_, place) => row(place + 1, streamA, place + 1));
    const rare = [100, 21_000, 44_999].map((ordinal) => {
      const found = rows[ordinal - 1];
      if (!found) throw new Error('no row');
      found.subject = subjectOf('session', 'session.ended');
      return ordinal;
    });
    await insert(rows);
    const page = await on.requester.request(rereadEntries, { subjects: ['signet.events.v1.*.session.>'], limit: 10 });
    expect(ordinals(page)).toEqual(rare);
    expect(page).toMatchObject({ next: 45_000, more: false });
  });

  it.each(['', 'a..b', 'a.>.b', 'a.(b|c)', 'a.b\u0000', 'a.\\y', 'a b', 'é', 'a.b*'])(
    'refuses the filter %j',
    async (filter) => {
      const asked = on.requester.request(rereadEntries, { subjects: [filter], limit: 1 });
      expect(await code(asked)).toBe('invalid_argument');
    },
  );
});

describe('a query', () => {
  const query = async (filters: Record<string, unknown>) =>
    ordinals(await on.requester.request(queryEntries, { limit: 100, tenantId: on.tenant, ...filters }));

  it('is answered newest first, by each filter and by several', async () => {
    await clear();
    const [account, session, other] = [newId(accountId), newId(sessionId), newId(tenantId)];
    const rows = [
      { ...row(1, streamA, 1), account },
      { ...row(2, streamA, 2), client: 'shop', account },
      { ...row(3, streamA, 3), session },
      { ...row(4, streamA, 4), type: 'signet.authn.sign-in.failed.v1', aggregate: 'sign-in:1' },
    ];
    await insert(rows);
    await insert([{ ...row(5, streamA, 5), client: 'shop' }], other);
    expect(await query({})).toEqual([4, 3, 2, 1]);
    expect(await query({ account })).toEqual([2, 1]);
    expect(await query({ client: 'shop' })).toEqual([2]);
    expect(await query({ client: 'shop', tenantId: other })).toEqual([5]);
    expect(await query({ client: 'shop', account })).toEqual([2]);
    expect(await query({ session })).toEqual([3]);
    expect(await query({ type: 'signet.authn.sign-in.failed.v1' })).toEqual([4]);
    expect(await query({ type: 'signet.authn.*' })).toEqual([4]);
    expect(await query({ type: 'signet.authn.*', account })).toEqual([]);
    expect(await code(query({ type: 'signet.moon.*' }))).toBe('invalid_argument');
    expect(await query({ aggregate: 'sign-in:1' })).toEqual([4]);
    expect(await query({ before: rows[2]?.id })).toEqual([2, 1]);
    expect(await query({ since: new Date(Date.now() - 60_000).toISOString() })).toHaveLength(4);
    expect(await query({ since: new Date(Date.now() + 60_000).toISOString() })).toEqual([]);
  });

  it('pages through leaves of any size, within what a message carries', async () => {
    await clear();
    const leaf = JSON.stringify({ data: { text: 'x'.repeat(2_000) } });
    await insert(Array.from({ length: 600 }, (_, place) => ({ ...row(place + 1, streamA, place + 1), leaf })));
    const seen: number[] = [];
    for (let before: string | undefined, more = true; more;) {
      const asked = { tenantId: on.tenant, limit: 500, ...(before !== undefined && { before }) };
      const page = await on.requester.request(queryEntries, asked);
      seen.push(...ordinals(page));
      before = page.entries.at(-1)?.id;
      more = page.more;
    }
    expect(seen).toEqual(Array.from({ length: 600 }, (_, place) => 600 - place));
  });

  it('is an event, which tells who asked, for what, and whether personal parts were opened', async () => {
    const account = newId(accountId);
    for (const personal of [false, true])
      await on.requester.request(queryEntries, {
        ...{ tenantId: on.tenant, account, personal, command: 'events-list', limit: 3 },
      });
    const read = async () =>
      (await on.entries())
        .map(({ leaf }) => JSON.parse(leaf.toString('utf8')) as { type?: string; actor: string; data: object })
        .filter(({ type, data }) => type === 'signet.audit.events.read.v1' && JSON.stringify(data).includes(account));
    await until(async () => (await read()).length === 2);
    expect(await read()).toMatchObject(
      [false, true].map((personalParts) => ({
        actor: 'operator:events-list',
        data: { filters: { account }, count: 0, personalParts },
      })),
    );
  });
});
