import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  applyDirectoryConfiguration,
  exportDirectoryTenant,
  findAccount,
  findCatalogue,
  planDirectoryConfiguration,
  type DeclaredTenant,
  type PrunableKind,
} from '@signet/contracts';
import type { z } from 'zod';
import { Applying, failure } from './applying.js';
import { aDeclaredClient, aDeclaredTenant, aDeclaredUser, aPlan, hash } from './declarations.js';
import { recordedEvents, typesOf } from './recorded-events.js';

let the: Applying;

beforeAll(async () => {
  the = await Applying.start();
});
afterAll(() => the.stop());
beforeEach(() => {
  the.startAnew();
});

async function planned(changed: Partial<DeclaredTenant> = {}, prune?: PrunableKind[]) {
  const { tenants } = await the.on.requester.request(planDirectoryConfiguration, {
    tenants: [aDeclaredTenant({ ...the.own, ...changed })],
    ...(prune && { prune: { [the.own.slug]: prune } }),
  });
  const [tenant] = tenants;
  if (!tenant) throw new Error('no tenant');
  return tenant;
}

const pruning = (changed: Partial<DeclaredTenant>, prune: PrunableKind[]) =>
  the.on.requester.request(applyDirectoryConfiguration, {
    ...aPlan(aDeclaredTenant({ ...the.own, ...changed })),
    prune: { [the.own.slug]: prune },
  });

const briefly = ({ changes }: Awaited<ReturnType<typeof planned>>) =>
  changes.map(({ kind, action, name }) => `${action} ${kind} ${name}`);

/** An organisation, whose group is in another, and a role that gives something. */
const organised = {
  resourceServers: [
    {
      ...{
        identifier: 'https://orders.example',
        name: 'Orders',
        accessTokenSigningAlg: 'ES256' as const,
        statusList: false,
      },
      permissions: [{ name: 'refund', description: '' }],
    },
  ],
  roles: [
    { name: 'auditor', description: '', permissions: { 'https://orders.example': ['refund'] } },
    { name: 'clerk', description: '', permissions: {} },
  ],
  organisations: [{ name: 'acme', displayName: 'Acme', enabled: true, roles: ['clerk'] }],
  groups: [
    { name: 'buyers', organisation: 'acme', displayName: 'Buyers', roles: ['auditor'], groups: [] },
    { name: 'everybody', organisation: 'acme', displayName: 'All', roles: [], groups: ['acme/buyers'] },
    { name: 'staff', displayName: 'Staff', roles: ['clerk'], groups: [] },
  ],
} satisfies Partial<DeclaredTenant>;
const member = { groups: ['acme/buyers', 'staff'], organisations: [{ name: 'acme', roles: ['auditor'] }] };

describe('planDirectoryConfiguration', () => {
  it('says what would be created, and creates nothing', async () => {
    const before = await the.on.database.query('select count(*)::int from directory.outbox');
    expect(briefly(await planned())).toEqual([
      `create tenant ${the.own.slug}`,
      'create resourceServers https://orders.example',
      'create scopes openid',
      'create scopes orders:read',
      'create roles auditor',
      'create roles clerk',
      'create groups staff',
      'create clients shop',
      'create users Alice',
    ]);
    expect(await the.on.database.query('select count(*)::int from directory.outbox')).toEqual(before);
    expect((await the.applied()).changes).toBe(9);
    expect(await planned()).toMatchObject({ changes: [], unmanaged: [], users: [{ username: 'Alice' }] });
  });

  it.each([
    ['the tenant', { name: 'Other' }, ['tenant'], { name: 'Acme' }, { name: 'Other' }],
    [
      'a resource server',
      {
        resourceServers: [
          {
            ...{
              identifier: 'https://orders.example',
              name: 'Other',
              accessTokenSigningAlg: 'PS256',
              statusList: true,
            },
            permissions: [{ name: 'refund', description: 'Refunds' }],
          },
        ],
      },
      ['resourceServers'],
      { name: 'Orders', accessTokenSigningAlg: 'ES256', statusList: false, permissions: [] },
      {
        ...{ name: 'Other', accessTokenSigningAlg: 'PS256', statusList: true },
        permissions: [{ name: 'refund', description: 'Refunds' }],
      },
    ],
    [
      'a group',
      { groups: [{ name: 'staff', displayName: 'Staff', roles: ['auditor', 'clerk'], groups: [] }] },
      ['groups'],
      { roles: ['clerk'] },
      { roles: ['auditor', 'clerk'] },
    ],
    [
      'a client',
      { clients: [aDeclaredClient({ defaultMaxAge: 60, logoUri: 'https://shop.example/logo.png' })] },
      ['clients'],
      {},
      { defaultMaxAge: 60, logoUri: 'https://shop.example/logo.png' },
    ],
    [
      'a user',
      { users: [aDeclaredUser({ enabled: false, claims: { name: 'Alice' }, groups: [], roles: ['clerk'] })] },
      ['users'],
      { enabled: true, claims: { name: 'Alice Liddell' }, groups: ['staff'], roles: ['auditor'] },
      { enabled: false, claims: { name: 'Alice' }, groups: [], roles: ['clerk'] },
    ],
  ] satisfies [string, Partial<DeclaredTenant>, string[], object, object][])(
    'tells %s as it is and as it would be',
    async (_what, changed, kinds, before, after) => {
      await the.apply();
      const { changes } = await planned(changed);
      expect(changes.map(({ kind }) => kind)).toEqual(kinds);
      expect(changes).toMatchObject([{ action: 'update', before, after }]);
      expect(changes[0]).not.toHaveProperty('drift');
    },
  );

  it('says of secrets alone that they change', async () => {
    await the.apply();
    const { changes } = await planned({ clients: [aDeclaredClient({ secretHashes: [hash('C')] })] });
    expect(changes).toMatchObject([{ kind: 'clients', action: 'update', secrets: true }]);
    expect(JSON.stringify(changes)).not.toMatch(/BBBB|CCCC/);
  });

  it('fails as applying would', async () => {
    await the.apply();
    const error = await failure(
      planned({ groups: [{ name: 'staff', displayName: 'Staff', roles: ['nobody'], groups: [] }] }),
    );
    expect(error.code).toBe('invalid_argument');
    expect(error.details).toMatchObject([{ message: 'there is no role nobody' }]);
  });

  it('counts what is there and not declared', async () => {
    await the.apply();
    const { unmanaged } = await planned({ roles: [], groups: [], users: [], clients: [] });
    expect(unmanaged).toEqual([
      { kind: 'roles', count: 2, declaredBefore: 2, beyond: 0 },
      { kind: 'groups', count: 1, declaredBefore: 1, beyond: 0 },
      { kind: 'clients', count: 1, declaredBefore: 1, beyond: 0 },
      { kind: 'users', count: 1, declaredBefore: 1, beyond: 0 },
    ]);
  });
});

describe('a prune', () => {
  it('deletes what is not declared, of the kinds that it names, with an event each and the floors of what it ends', async () => {
    const { tenantId } = await the.applied();
    const fewer = { roles: [], groups: [], clients: [], users: [aDeclaredUser({ groups: [], roles: [] })] };
    const expected = ['delete roles auditor', 'delete roles clerk', 'delete groups staff', 'delete clients shop'];
    expect(briefly(await planned(fewer, ['roles', 'groups', 'clients']))).toEqual([...expected, 'update users Alice']);
    expect((await pruning(fewer, ['roles', 'groups', 'clients'])).changes).toBe(5);
    const events = typesOf(await recordedEvents(the.on, tenantId));
    expect(events.filter((type) => type.endsWith('.deleted')).sort()).toEqual([
      'client.deleted',
      'group.deleted',
      'role.deleted',
      'role.deleted',
    ]);
    expect(the.on.token.floors.filter(({ kind }) => kind.startsWith('client'))).toMatchObject([
      { kind: 'client', clientId: 'shop' },
      { kind: 'client_version', clientId: 'shop', version: 2 },
    ]);
    expect(await planned(fewer, ['roles', 'groups', 'clients'])).toMatchObject({ changes: [], unmanaged: [] });
    expect((await pruning(fewer, ['roles', 'groups', 'clients'])).changes).toBe(0);
  });

  it('takes organisations and groups that were declared before, their members notwithstanding, and what that gave them', async () => {
    const { tenantId, users } = await the.applied({ ...organised, users: [aDeclaredUser(member)] });
    const [alice] = users;
    if (!alice) throw new Error('no account');
    const account = { tenantId, accountId: alice.accountId };
    expect(await the.on.requester.request(findAccount, account)).toMatchObject({
      groups: expect.arrayContaining(['staff']),
    });
    the.on.token.floors.length = 0;
    const kinds: PrunableKind[] = ['organisations', 'groups'];
    const fewer = { ...organised, organisations: [], groups: [], users: [] };
    expect(briefly(await planned(fewer, kinds))).toEqual([
      'delete organisations acme',
      'delete groups acme/buyers',
      'delete groups acme/everybody',
      'delete groups staff',
    ]);
    expect((await pruning(fewer, kinds)).changes).toBe(4);
    expect(the.on.token.floors).toMatchObject([{ kind: 'authority_version', tenantId }]);
    expect(await the.on.requester.request(findAccount, account)).toMatchObject({ groups: [], roles: ['auditor'] });
  });

  it('leaves organisations and groups that no configuration declared', async () => {
    const { tenantId } = await the.applied({ ...organised, users: [] });
    await the.on.database.query('delete from directory.declared_object where tenant_id = $1', [tenantId]);
    const fewer = { ...organised, organisations: [], groups: [], users: [] };
    expect((await pruning(fewer, ['organisations', 'groups'])).changes).toBe(0);
  });

  it("never takes what is Signet's own", async () => {
    const { tenantId } = await the.applied();
    const bare = {
      resourceServers: [],
      scopes: [],
      roles: [],
      groups: [],
      clients: [],
      users: [aDeclaredUser({ groups: [], roles: [] })],
    };
    await pruning(bare, ['resourceServers', 'scopes', 'roles', 'groups', 'clients']);
    const { scopes, resourceServers } = await the.on.requester.request(findCatalogue, { tenantId });
    expect(scopes.map(({ name }) => name)).toEqual(['signet:admin', 'signet:scim']);
    expect(resourceServers.map(({ identifier }) => identifier)).toEqual(['urn:signet:management']);
  });

  it('deletes nothing where something else refers to it, and says what', async () => {
    await the.apply();
    const fewer = { roles: [], groups: [], scopes: [], resourceServers: [], clients: [], users: [] };
    const error = await failure(pruning(fewer, ['roles', 'scopes', 'resourceServers']));
    expect(error.code).toBe('failed_precondition');
    const { slug } = the.own;
    expect(error.details).toEqual(
      expect.arrayContaining([
        {
          path: `tenants.${slug}.resourceServers.https://orders.example`,
          message: 'cannot be deleted: the scope orders:read refers to it',
        },
        { path: `tenants.${slug}.scopes.openid`, message: 'cannot be deleted: the client shop refers to it' },
        { path: `tenants.${slug}.roles.clerk`, message: 'cannot be deleted: the group staff refers to it' },
        {
          path: `tenants.${slug}.roles.auditor`,
          message: expect.stringMatching(/^cannot be deleted: the account [0-9a-f-]{36} refers to it$/),
        },
      ]),
    );
    expect(await planned()).toMatchObject({ changes: [] });
  });
});

describe('exportDirectoryTenant', () => {
  it('gives what a configuration would declare, a page at a time', async () => {
    const users = Array.from({ length: 201 }, (_, index) =>
      aDeclaredUser({
        username: `user-${String(index).padStart(3, '0')}`,
        claims: { given_name: String(index) },
        ...member,
      }),
    );
    await the.apply({ ...organised, users });
    const pages: z.output<typeof exportDirectoryTenant.response>[] = [];
    do {
      const from = pages.at(-1)?.next;
      pages.push(await the.on.requester.request(exportDirectoryTenant, { slug: the.own.slug, ...(from && { from }) }));
    } while (pages.at(-1)?.next);
    const { slug, issuer, name, enabled, policies, branding, attributes } = aDeclaredTenant(the.own);
    for (const { tenant } of pages)
      expect(tenant).toEqual({ slug, issuer, name, enabled, policies, branding, attributes });
    expect(
      pages.map(({ objects }) => Object.entries(objects).map(([kind, list]) => `${list?.length ?? 0} ${kind}`)).flat(),
    ).toEqual([
      '1 resourceServers',
      '2 scopes',
      '2 roles',
      '1 organisations',
      '3 groups',
      '1 clients',
      '200 users',
      '1 users',
    ]);
    expect(pages[5]?.objects).toEqual({ clients: [{ ...aDeclaredClient(), secretHashes: undefined, secrets: 1 }] });
    expect(pages.flatMap(({ objects }) => objects.users ?? [])).toEqual(users);
    expect(Object.assign({}, ...pages.slice(0, 5).map(({ objects }) => objects))).toMatchObject(organised);
  });

  it('is of a tenant that is there', async () => {
    const error = await failure(the.on.requester.request(exportDirectoryTenant, { slug: 'nobody' }));
    expect(error.code).toBe('not_found');
  });
});
