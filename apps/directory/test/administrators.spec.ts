import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  accountId,
  createAdministrator,
  findAdministrator,
  newId,
  resolveAccount,
  tenantId,
  type AccountId,
  type TenantId,
} from '@signet/contracts';
import { Applying, failure } from './applying.js';
import { aDeclaredUser } from './declarations.js';
import { recordedEvents, typesOf } from './recorded-events.js';

let the: Applying;

beforeAll(async () => {
  the = await Applying.start();
});
afterAll(() => the.stop());
beforeEach(() => {
  the.startAnew();
});

const exists = async (tenant: TenantId) =>
  (await the.on.requester.request(findAdministrator, { tenantId: tenant })).exists;
const create = async (tenant: TenantId, account: AccountId, username = 'root') =>
  (
    await the.on.requester.request(createAdministrator, {
      ...{ tenantId: tenant, accountId: account, username, claims: { name: 'Root' } },
      context: { actor: `account:${account}` },
    })
  ).outcome;

describe('the first administrator', () => {
  it('is there by its role alone, however it has it, while the account is active', async () => {
    const none = aDeclaredUser({ groups: [], roles: [] });
    const { tenantId: tenant } = await the.applied({ users: [none] });
    expect(await exists(tenant)).toBe(false);
    const own = { ...none, roles: ['signet:administrator'] };
    await the.apply({ users: [own] });
    expect(await exists(tenant)).toBe(true);
    await the.apply({ users: [{ ...own, enabled: false }] });
    expect(await exists(tenant)).toBe(false);
    const groups = [
      { name: 'admins', displayName: 'Admins', roles: ['signet:administrator'], groups: ['staff'] },
      { name: 'staff', displayName: 'Staff', roles: [], groups: [] },
    ];
    await the.apply({ groups, users: [{ ...none, groups: ['staff'] }] });
    expect(await exists(tenant)).toBe(true);
  });

  it('is made once, under the id that was asked for, with the role and its event', async () => {
    const { tenantId: tenant } = await the.applied({ users: [] });
    const [id, other] = [newId(accountId), newId(accountId)];
    const outcomes = await Promise.all([create(tenant, id), create(tenant, id), create(tenant, id)]);
    expect(outcomes).toEqual(['created', 'created', 'created']);
    expect(await create(tenant, other, 'another')).toBe('administered');
    const { account } = await the.on.requester.request(resolveAccount, { tenantId: tenant, identifier: 'ROOT' });
    expect(account).toMatchObject({ accountId: id, status: 'active', username: 'root' });
    expect(await exists(tenant)).toBe(true);
    const events = await recordedEvents(the.on, tenant, `account:%`);
    expect(typesOf(events)).toEqual(['account.created']);
    expect(events[0]?.data).toMatchObject({ after: { roles: ['signet:administrator'], status: 'active' } });
    expect(JSON.stringify(events)).not.toMatch(/root|Root/);
  });

  it('is one of those who want to be it at the same time', async () => {
    const { tenantId: tenant } = await the.applied({ users: [] });
    const all = await Promise.all(['a', 'b', 'c', 'd'].map((name) => create(tenant, newId(accountId), name)));
    expect(all.sort()).toEqual(['administered', 'administered', 'administered', 'created']);
  });

  it('has no name that is somebody’s, in whatever spelling', async () => {
    const { tenantId: tenant } = await the.applied({ users: [aDeclaredUser({ roles: [] })] });
    expect(await create(tenant, newId(accountId), 'ＡLICE')).toBe('username_taken');
    expect(await exists(tenant)).toBe(false);
  });

  it('is of no tenant that is not there', async () => {
    expect((await failure(create(newId(tenantId), newId(accountId)))).code).toBe('not_found');
  });
});
