import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  createAdministrator,
  eventId,
  findAdministrator,
  newId,
  setupOpened,
  tenantId,
  type AccountId,
  type TenantId,
} from '@signet/contracts';
import { loadKeyring, newKeyring } from '@signet/keys';
import { MeshError } from '@signet/messaging';
import type { Database } from '@signet/persistence';
import { EventFactory } from '@signet/service';
import { suiteDatabase, type SuiteDatabase } from '@signet/testing';
import { authnService } from '../src/index.js';
import { FirstAdministrator, type Made } from '../src/setup/first-administrator.js';
import { openSetupCode } from '../src/setup/store/setup-statements.js';
import { readPassword } from '../src/store/password.js';

/** A directory that makes administrators, and can be away. */
class FakeDirectory {
  readonly made: { tenantId: string; accountId: AccountId; username: string }[] = [];
  readonly asked: AccountId[] = [];
  away = false;
  taken: readonly string[] = [];

  readonly request = ((contract: { subject: string }, input: { tenantId: string }) => {
    if (this.away) return Promise.reject(new MeshError('unavailable', 'away'));
    const ofTenant = this.made.filter((one) => one.tenantId === input.tenantId);
    if (contract.subject === findAdministrator.subject) return Promise.resolve({ exists: ofTenant.length > 0 });
    const asked = createAdministrator.request.parse(input);
    this.asked.push(asked.accountId);
    if (ofTenant.some(({ accountId }) => accountId === asked.accountId)) return Promise.resolve({ outcome: 'created' });
    if (ofTenant.length > 0) return Promise.resolve({ outcome: 'administered' });
    if (this.taken.includes(asked.username)) return Promise.resolve({ outcome: 'username_taken' });
    this.made.push(asked);
    return Promise.resolve({ outcome: 'created' });
  }) as never;
}

let suite: SuiteDatabase;
let database: Database;
let events: EventFactory;
let directory: FakeDirectory;
let first: FirstAdministrator;
beforeAll(async () => {
  suite = await suiteDatabase({
    services: { authn: authnService.migrations },
    // That the directory is asked once more.
    unrecorded: { 'authn.setup': { columns: ['tried_at'] } },
  });
  database = await suite.open('authn');
  events = new EventFactory(loadKeyring(newKeyring()), database.clock);
});
beforeEach(() => {
  directory = new FakeDirectory();
  const hasher = { hash: () => Promise.resolve(`$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(22)}$${'B'.repeat(43)}`) };
  first = new FirstAdministrator({ database, requester: directory, hasher, events });
});
afterAll(async () => {
  await database.close();
  await suite.drop();
});

const hash = (letter: string) => letter.repeat(42) + 'A';
const person = { username: 'root', password: 'correct horse', claims: { name: 'Root' } };

async function open(tenant: TenantId, letter = 'B', { unlessOpen = false, lifetime = 60 } = {}) {
  const id = newId(eventId);
  const opened = events.make(setupOpened, {
    ...{ tenantId: tenant, aggregate: id, context: { actor: 'operator:setup' as const }, data: { lifetime: 60 } },
  });
  const made = await database.first(openSetupCode, {
    ...{ tenantId: tenant, id, hash: hash(letter), lifetime, unlessOpen, opened },
  });
  return made === undefined ? undefined : { tenantId: tenant, id, hash: hash(letter) };
}

async function opened(tenant: TenantId, letter?: string, options?: { lifetime: number }) {
  const setup = await open(tenant, letter, options);
  if (!setup) throw new Error('not opened');
  return setup;
}

const passwords = async (tenant: TenantId) =>
  (
    await suite.query<{ account: AccountId }>('select account_id as account from authn.password where tenant_id = $1', [
      tenant,
    ])
  ).map(({ account }) => account);
const stateOf = async (tenant: TenantId, letter = 'B') => (await first.find(tenant, hash(letter)))?.state;
const recorded = async (tenant: TenantId) =>
  (
    await suite.query<{ leaf: Buffer }>(
      `select leaf from authn.outbox where tenant_id = $1 and aggregate like 'setup:%' order by aggregate_version`,
      [tenant],
    )
  ).map(({ leaf }) => (JSON.parse(leaf.toString('utf8')) as { type: string }).type.split('.')[3]);
/** As if the time had passed after which it is tried again. */
const later = () =>
  suite.query(`with mark as (select set_config('recording_rule.recorded', pg_current_xact_id()::text, true))
    update authn.setup set tried_at = tried_at - interval '11 seconds' from mark`);
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (error: unknown) => (error instanceof MeshError ? error.code : String(error)),
  );

describe('a set-up code', () => {
  it('makes one administrator, who has a password, however many send it at once', async () => {
    const tenant = newId(tenantId);
    const setup = await opened(tenant);
    const all = await Promise.all(
      Array.from({ length: 8 }, (_, place) => first.make(setup, { ...person, username: `root${place}` }, undefined)),
    );
    const count = (wanted: Made) => all.filter((made) => made === wanted).length;
    expect([count('created'), count('not_claimed')]).toEqual([1, 7]);
    expect(await passwords(tenant)).toEqual(directory.made.map(({ accountId }) => accountId));
    expect(await recorded(tenant)).toEqual(['opened', 'claimed', 'finished']);
    const [row] = await suite.query('select username, claims from authn.setup where tenant_id = $1', [tenant]);
    expect(row).toEqual({ username: null, claims: null });
  });

  it('is spent where the directory does not answer, and the account is made when it does', async () => {
    const tenant = newId(tenantId);
    const setup = await opened(tenant);
    directory.away = true;
    expect(await code(first.make(setup, person, undefined))).toBe('unavailable');
    expect([await stateOf(tenant), await first.make(setup, person, undefined)]).toEqual(['claimed', 'not_claimed']);
    directory.away = false;
    await first.finishLeft();
    expect(directory.made).toEqual([]);
    await later();
    await Promise.all([first.finishLeft(), first.finishLeft()]);
    expect(directory.made).toMatchObject([{ username: 'root', claims: { name: 'Root' } }]);
    expect(directory.asked).toHaveLength(1);
    expect(await passwords(tenant)).toEqual(directory.asked);
    expect(await stateOf(tenant)).toBe('finished');
  });

  it('is as it was where the name is taken, and nothing of that try is left', async () => {
    const tenant = newId(tenantId);
    const setup = await opened(tenant);
    directory.taken = ['root'];
    expect(await first.make(setup, person, undefined)).toBe('username_taken');
    expect([await stateOf(tenant), await passwords(tenant)]).toEqual(['open', []]);
    expect(await first.make(setup, { ...person, username: 'boss' }, undefined)).toBe('created');
    expect(await recorded(tenant)).toEqual(['opened', 'claimed', 'released', 'claimed', 'finished']);
    const [account] = await passwords(tenant);
    if (!account) throw new Error('no password');
    expect(await database.first(readPassword, { tenantId: tenant, accountId: account })).toBeDefined();
  });

  it('makes nobody where somebody has the role by now', async () => {
    const tenant = newId(tenantId);
    const setup = await opened(tenant);
    directory.made.push({ tenantId: tenant, accountId: newId(eventId) as never, username: 'by file' });
    expect(await first.make(setup, person, undefined)).toBe('administered');
    expect(await passwords(tenant)).toEqual([]);
  });

  it('is good no more once its time is up, or another one was made', async () => {
    const [acme, globex] = [newId(tenantId), newId(tenantId)];
    const over = await opened(acme, 'B', { lifetime: 0 });
    expect([await first.make(over, person, undefined), await stateOf(acme)]).toEqual(['not_claimed', 'expired']);
    const earlier = await opened(globex, 'B');
    const newer = await opened(globex, 'C');
    expect(await first.make(earlier, person, undefined)).toBe('not_claimed');
    expect(await first.make({ ...newer, hash: hash('B') }, person, undefined)).toBe('not_claimed');
    expect(await first.make(newer, person, undefined)).toBe('created');
  });

  it('is of its tenant alone', async () => {
    const [acme, globex] = [newId(tenantId), newId(tenantId)];
    const setup = await opened(acme);
    await opened(globex, 'C');
    expect(await first.make({ ...setup, tenantId: globex }, person, undefined)).toBe('not_claimed');
    expect((await first.find(globex, hash('B')))?.matches).toBe(false);
  });

  it('stands where another one is wanted unless one is open, and where it is claimed', async () => {
    const tenant = newId(tenantId);
    const setup = await opened(tenant);
    expect(await open(tenant, 'C', { unlessOpen: true })).toBeUndefined();
    expect((await first.find(tenant, hash('B')))?.matches).toBe(true);
    directory.away = true;
    await code(first.make(setup, person, undefined));
    expect(await open(tenant, 'C')).toBeUndefined();
    directory.away = false;
    await later();
    await first.finishLeft();
    expect(await open(tenant, 'C')).toBeDefined();
  });
});
