import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  assembleEvent,
  eventId,
  newId,
  rfc3339,
  signInSucceeded,
  tenantId as tenantIdSchema,
  type TenantId,
} from '@signet/contracts';
import type { Database } from '@signet/persistence';
import type { Rate } from '@signet/service';
import { suiteDatabase, type SuiteDatabase } from '@signet/testing';
import { forgetFullBuckets, recordSignIn } from '../src/guessing/guess-bucket.js';
import { GuessLimits } from '../src/guessing/guess-limits.js';
import { authnService } from '../src/index.js';

let suite: SuiteDatabase;
const replicas: Database[] = [];
beforeAll(async () => {
  // Buckets count; what they refuse is recorded by who asked.
  suite = await suiteDatabase({
    services: { authn: authnService.migrations },
    unrecorded: { 'authn.guess_bucket': 'any' },
  });
  for (let replica = 0; replica < 2; replica += 1) replicas.push(await suite.open('authn'));
});
afterAll(async () => {
  await Promise.all(replicas.map((replica) => replica.close()));
  await suite.drop();
});

const database = (replica = 0) => replicas[replica] as Database;

/** No token comes back while the tests run. */
const rate = { count: 3, seconds: 86_400 };
const limitsAt = (replica: number, network?: Rate) =>
  new GuessLimits(database(replica), { account: rate, network, usercode: undefined });
const guesser = (tenantId: TenantId, identifierKey: string, deviceId?: string, ip = '192.0.2.1') => ({
  tenantId,
  identifierKey,
  deviceId,
  network: { ip, userAgent: '' },
});
async function guess(
  tenantId: TenantId,
  name: string,
  { replica = 0, device }: { replica?: number; device?: string } = {},
) {
  const limits = limitsAt(replica);
  return (await limits.take(tenantId, limits.bucketsOf(guesser(tenantId, name, device)))).allowed;
}
const count = async (tenantId: string) =>
  (
    await suite.query<{ count: number }>('select count(*)::int as count from authn.guess_bucket where tenant_id = $1', [
      tenantId,
    ])
  )[0]?.count;

it('lets as many guesses through as the rate says, over all replicas and in parallel', async () => {
  const acme = newId(tenantIdSchema);
  const taken = await Promise.all(
    Array.from({ length: 12 }, (_, index) => guess(acme, 'alice', { replica: index % 2 })),
  );
  expect(taken.filter((allowed) => allowed)).toHaveLength(rate.count);
});

it('keeps accounts, tenants and known devices apart', async () => {
  const [acme, globex] = [newId(tenantIdSchema), newId(tenantIdSchema)];
  for (let used = 0; used < rate.count; used += 1) await guess(acme, 'alice');
  expect(await guess(acme, 'alice')).toBe(false);
  expect(await guess(acme, 'bob')).toBe(true);
  expect(await guess(globex, 'alice')).toBe(true);
  expect(await guess(acme, 'alice', { device: 'hers' })).toBe(true);
});

it('a network that may guess no more takes nothing from accounts', async () => {
  const acme = newId(tenantIdSchema);
  const limits = limitsAt(0, { ...rate, count: 2 });
  const from = async (ip: string, name: string) =>
    (await limits.take(acme, limits.bucketsOf(guesser(acme, name, undefined, ip)))).allowed;
  expect([await from('192.0.2.66', 'bob'), await from('192.0.2.66', 'carol')]).toEqual([true, true]);
  const refused = await Promise.all(Array.from({ length: 5 }, () => from('192.0.2.66', 'alice')));
  expect(refused).not.toContain(true);
  // Alice, from elsewhere: her bucket is full, and counts as ever.
  const hers: boolean[] = [];
  for (const ip of ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4']) hers.push(await from(ip, 'alice'));
  expect(hers).toEqual([true, true, true, false]);
});

it('says how long until the next guess', async () => {
  const acme = newId(tenantIdSchema);
  const limits = limitsAt(0);
  const buckets = limits.bucketsOf(guesser(acme, 'alice'));
  for (let used = 0; used < rate.count; used += 1) await limits.take(acme, buckets);
  const refused = await limits.take(acme, buckets);
  const wait = refused.allowed ? 0 : refused.retryAfter;
  expect(wait).toBeGreaterThan(0);
  expect(wait).toBeLessThanOrEqual(rate.seconds / rate.count);
});

it('gives back what a right password took, with its record', async () => {
  const acme = newId(tenantIdSchema);
  const limits = limitsAt(0);
  const buckets = limits.bucketsOf(guesser(acme, 'alice'));
  for (let right = 0; right < rate.count + 2; right += 1) {
    expect((await limits.take(acme, buckets)).allowed).toBe(true);
    await database().execute(recordSignIn, { tenantId: acme, guesses: buckets, succeeded: succeededAt(acme) });
  }
});

it('forgets all full buckets, however many, and none that still counts', async () => {
  const acme = newId(tenantIdSchema);
  await guess(acme, 'alice');
  await suite.query(
    `insert into authn.guess_bucket (tenant_id, kind, key, tokens, refilled_at, allowed, full_at)
    select $1, 'account', sha256(made::text::bytea), 0, clock_timestamp(), true, clock_timestamp() from generate_series(1, 25) made`,
    [acme],
  );
  await forgetFullBuckets(database(), 10);
  expect(await count(acme)).toBe(1);
  for (let used = 1; used < rate.count; used += 1) await guess(acme, 'alice');
  expect(await guess(acme, 'alice')).toBe(false);
});

it('refills a bucket for the time that has passed', async () => {
  const acme = newId(tenantIdSchema);
  for (let used = 0; used < rate.count; used += 1) await guess(acme, 'alice');
  await suite.query(
    `update authn.guess_bucket set refilled_at = refilled_at - interval '1 day' / 3 where tenant_id = $1`,
    [acme],
  );
  expect([await guess(acme, 'alice'), await guess(acme, 'alice')]).toEqual([true, false]);
});

const succeededAt = (tenantId: TenantId) =>
  assembleEvent(
    signInSucceeded,
    {
      tenantId,
      client: 'shop',
      context: { actor: 'anonymous' },
      data: { amr: ['pwd'] },
      personal: { username: 'alice' },
    },
    {
      id: newId(eventId),
      time: rfc3339(database().now()),
      traceparent: undefined,
      seal: () => ({ sealed: new Uint8Array(), digest: createHash('sha256').digest('base64url') }),
    },
  );
