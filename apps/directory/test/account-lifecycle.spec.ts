import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  accountKeepers,
  deleteAccountByOperator,
  eraseAccountByOperator,
  findAccount,
  forgetAccount,
  resolveAccount,
  restoreAccountByOperator,
  type AccountId,
  type AccountKeeper,
  type DeclaredTenant,
  type TenantId,
} from '@signet/contracts';
import { Conflict } from '@signet/persistence';
import { EventFactory, FloorRaiser } from '@signet/service';
import { eraseDue } from '../src/accounts/lifecycle/account-sweep.js';
import { Forgetting } from '../src/accounts/lifecycle/forgetting.js';
import { DirectoryChanges } from '../src/changes/directory-changes.js';
import { Applying, failure } from './applying.js';
import { aDeclaredTenant, aDeclaredUser } from './declarations.js';
import { recordedEvents, typesOf } from './recorded-events.js';

let the: Applying;

beforeAll(async () => {
  the = await Applying.start();
});
afterAll(() => the.stop());
beforeEach(() => {
  the.startAnew();
});

interface Alice {
  readonly tenantId: TenantId;
  readonly accountId: AccountId;
}

async function alice(policies: Partial<DeclaredTenant['policies']> = {}): Promise<Alice> {
  const { tenantId, users } = await the.applied({ policies: { ...aDeclaredTenant().policies, ...policies } });
  const [user] = users;
  if (!user) throw new Error('no account');
  the.on.token.floors.length = 0;
  return { tenantId, accountId: user.accountId };
}

const ask = (contract: typeof deleteAccountByOperator, { tenantId, accountId }: Alice) =>
  the.on.requester.request(contract, { tenantId, account: { accountId } });
const resolved = async ({ tenantId }: Alice, identifier = 'alice') =>
  (await the.on.requester.request(resolveAccount, { tenantId, identifier })).account;
const kindsRaised = () => the.on.token.floors.map(({ kind }) => kind).sort();
const eventsOf = async ({ tenantId, accountId }: Alice) =>
  typesOf(await recordedEvents(the.on, tenantId, `account:${accountId}`));
const declaring = (username: string) => the.apply({ users: [aDeclaredUser({ username })] });
/** As if the time had passed. */
const later = ({ accountId }: Alice, days: number) =>
  the.on.database.query(
    `with mark as (select set_config('recording_rule.recorded', pg_current_xact_id()::text, true))
    update directory.account set deleted_at = deleted_at - $2 * interval '1 day', restorable_until = restorable_until - $2 * interval '1 day'
    from mark where id = $1`,
    [accountId, days],
  );

function sweep(): Promise<void> {
  const { database } = the.on.service.parts;
  const changes = new DirectoryChanges({
    database,
    events: the.on.service.app.get(EventFactory),
    floors: the.on.service.app.get(FloorRaiser),
  });
  return eraseDue(database, changes);
}

describe('a deleted account', () => {
  it('is nobody, its floors are raised before that is said, and its name is its own still', async () => {
    const account = await alice();
    expect(await ask(deleteAccountByOperator, account)).toEqual({ accountId: account.accountId, changed: true });
    expect(kindsRaised()).toEqual(['account', 'account_version']);
    expect(the.on.token.floors).toContainEqual(expect.objectContaining({ reason: 'account_deleted' }));
    expect(await resolved(account)).toBeNull();
    expect((await failure(the.on.requester.request(findAccount, account))).code).toBe('not_found');
    expect((await failure(declaring('ALICE'))).details).toMatchObject([
      { message: 'is the name of a deleted account' },
    ]);
    expect(await ask(deleteAccountByOperator, account)).toMatchObject({ changed: false });
    expect(await eventsOf(account)).toEqual(['account.created', 'account.deleted']);
  });

  it('comes back as it was, and signs in anew', async () => {
    const account = await alice();
    const before = await the.on.requester.request(findAccount, account);
    await ask(deleteAccountByOperator, account);
    the.on.token.floors.length = 0;
    const { tenantId } = account;
    const restored = { tenantId, account: { identifier: 'ALICE' } };
    expect(await the.on.requester.request(restoreAccountByOperator, restored)).toMatchObject({ changed: true });
    const after = await the.on.requester.request(findAccount, account);
    expect(after).toMatchObject({ sub: before.sub, groups: before.groups, roles: before.roles, version: 3 });
    expect(the.on.token.floors).toMatchObject([{ kind: 'account_version', version: 3 }]);
    expect(await resolved(account)).toMatchObject({ accountId: account.accountId, status: 'active' });
    expect(await eventsOf(account)).toEqual(['account.created', 'account.deleted', 'account.restored']);
  });

  it('is restored within its grace period alone, by the policy of its tenant, and only if it was deleted', async () => {
    const account = await alice({ deletedAccountGrace: 10 * 86_400 });
    expect((await failure(ask(restoreAccountByOperator, account))).code).toBe('failed_precondition');
    await ask(deleteAccountByOperator, account);
    await later(account, 9);
    await sweep();
    expect(await ask(restoreAccountByOperator, account)).toMatchObject({ changed: true });
    await ask(deleteAccountByOperator, account);
    await later(account, 10);
    expect((await failure(ask(restoreAccountByOperator, account))).code).toBe('failed_precondition');
    await sweep();
    expect((await failure(ask(restoreAccountByOperator, account))).code).toBe('not_found');
    expect((await eventsOf(account)).at(-1)).toBe('account.erased');
  });

  it('can be restored for 30 days where the policy says nothing', async () => {
    const account = await alice();
    await ask(deleteAccountByOperator, account);
    await later(account, 29);
    await sweep();
    expect(await ask(restoreAccountByOperator, account)).toMatchObject({ changed: true });
  });

  it('stays deleted where token does not answer, which is said; a repeat answers when the floors are there', async () => {
    const account = await alice();
    the.on.token.away = true;
    const { code } = await failure(ask(deleteAccountByOperator, account));
    expect(['unavailable', 'deadline_exceeded']).toContain(code);
    expect(await resolved(account)).toBeNull();
    the.on.token.away = false;
    expect(await ask(deleteAccountByOperator, account)).toMatchObject({ changed: false });
    expect(kindsRaised()).toEqual(['account', 'account_version']);
  });
});

describe('an erased account', () => {
  const rowsNaming = async (text: string) => {
    const tables = await the.on.database.query<{ name: string }>(
      `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = 'directory' and c.relkind in ('r', 'p') and not c.relispartition`,
    );
    const naming = [];
    for (const { name } of tables) {
      const rows = await the.on.database.query(
        `select from directory."${name}" as held where to_jsonb(held)::text ilike '%' || $1 || '%'`,
        [text],
      );
      if (rows.length > 0) naming.push(name);
    }
    return naming;
  };

  it('leaves its id and sub, and nothing in any table that says who it was', async () => {
    const { tenantId, users } = await the.applied({
      users: [aDeclaredUser({ username: 'Zaphod', claims: { name: 'Zaphod Beeblebrox' } })],
    });
    const account = { tenantId, accountId: users[0]?.accountId ?? ('' as AccountId) };
    const { sub } = await the.on.requester.request(findAccount, account);
    expect(await rowsNaming('zaphod')).toEqual(expect.arrayContaining(['account', 'account_identifier']));
    expect(await ask(eraseAccountByOperator, account)).toMatchObject({ changed: true });
    expect(await rowsNaming('zaphod')).toEqual([]);
    expect(await rowsNaming(sub)).toEqual(['account']);
    for (const table of ['membership', 'account_role', 'organisation_member', 'declared_object'])
      expect(await rowsNaming(account.accountId)).not.toContain(table);
    expect(await eventsOf(account)).toEqual(['account.created', 'account.deleted', 'account.erased']);
    expect(kindsRaised()).toEqual(['account', 'account', 'account_version', 'account_version']);
    expect(await ask(eraseAccountByOperator, account)).toMatchObject({ changed: false });
    expect((await failure(ask(deleteAccountByOperator, account))).code).toBe('not_found');
  });

  it('has a name that is nobody else’s, in whatever spelling and by whoever writes', async () => {
    const account = await alice();
    await ask(eraseAccountByOperator, account);
    expect((await failure(declaring('aLiCe'))).details).toMatchObject([
      { message: 'is the name of a deleted account' },
    ]);
    const { database } = the.on.service.parts;
    const writing = database.runWithEntities(async (tx) => {
      await tx.manager.query(
        `insert into account_identifier (tenant_id, identifier_key, account_id, kind, displayed) values ($1, 'alice', $2, 'username', 'alice')`,
        [account.tenantId, account.accountId],
      );
    });
    await expect(writing).rejects.toBeInstanceOf(Conflict);
    await expect(writing).rejects.toMatchObject({ constraint: 'account_identifier_pkey' });
    // Of another tenant it may be.
    the.startAnew();
    expect((await the.apply()).changes).toBeGreaterThan(0);
  });
});

describe('forgetting', () => {
  /** Services that answer, or do not. */
  function keepers(away: readonly AccountKeeper[] = []) {
    const told: [AccountKeeper, AccountId][] = [];
    const request = ((contract: { subject: string }, { accountId }: Alice) => {
      const keeper = accountKeepers.find((one) => forgetAccount[one].subject === contract.subject);
      if (!keeper) throw new Error(contract.subject);
      if (away.includes(keeper)) return Promise.reject(new Error('away'));
      told.push([keeper, accountId]);
      return Promise.resolve({});
    }) as never;
    return { told, request };
  }
  const round = (requester: ReturnType<typeof keepers>, settled = 0) =>
    new Forgetting({
      database: the.on.service.parts.database,
      requester,
      logger: { warn: () => undefined },
      settled,
    }).round();
  /** An hour, since the erasure. */
  const passed = ({ accountId }: Alice) =>
    the.on.database.query(
      `with mark as (select set_config('recording_rule.recorded', pg_current_xact_id()::text, true))
      update directory.unforgotten set created_at = created_at - interval '1 hour' from mark where account_id = $1`,
      [accountId],
    );
  const toldOf = ({ told }: ReturnType<typeof keepers>, { accountId }: Alice) =>
    told.flatMap(([keeper, id]) => (id === accountId ? [keeper] : [])).sort();

  it('is asked of every service until it has answered, and then no more', async () => {
    const account = await alice();
    await ask(eraseAccountByOperator, account);
    const some = keepers(['audit', 'token']);
    await round(some);
    expect(toldOf(some, account)).toEqual(['authn', 'session']);
    const all = keepers();
    await round(all);
    expect(toldOf(all, account)).toEqual(['audit', 'token']);
    const none = keepers();
    await round(none);
    expect(toldOf(none, account)).toEqual([]);
  });

  it('waits for the floors, and for whatever was under way when they were committed', async () => {
    const account = await alice();
    the.on.token.away = true;
    await failure(ask(eraseAccountByOperator, account));
    const early = keepers();
    await round(early);
    expect(toldOf(early, account)).toEqual([]);
    await passed(account);
    the.on.token.away = false;
    await ask(eraseAccountByOperator, account);
    await round(early, 3_600);
    expect(toldOf(early, account)).toEqual([]);
    await round(early);
    expect(toldOf(early, account)).toEqual([...accountKeepers].sort());
  });

  it('is not asked for a deleted account, which may come back', async () => {
    const account = await alice();
    await ask(deleteAccountByOperator, account);
    const all = keepers();
    await round(all);
    expect(toldOf(all, account)).toEqual([]);
  });
});
