import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { findAccount, findClient, type DeclaredTenant } from '@signet/contracts';
import { Applying, failure } from './applying.js';
import { aDeclaredClient, aDeclaredTenant, aDeclaredUser } from './declarations.js';
import { recordedEvents, typesOf } from './recorded-events.js';

const orders = 'https://orders.example';
const management = 'urn:signet:management';

let the: Applying;

beforeAll(async () => {
  the = await Applying.start();
});
afterAll(() => the.stop());
beforeEach(() => {
  the.startAnew();
});

const role = (name: string, ...permissions: string[]): DeclaredTenant['roles'][number] => ({
  ...{ name, description: '' },
  permissions: permissions.length === 0 ? {} : { [orders]: permissions },
});
const group = (name: string, changed: Partial<DeclaredTenant['groups'][number]> = {}) => ({
  ...{ name, displayName: name, roles: [], groups: [] },
  ...changed,
});

const declared = (): Partial<DeclaredTenant> => ({
  resourceServers: [
    {
      ...{ identifier: orders, name: 'Orders', accessTokenSigningAlg: 'ES256', statusList: false },
      permissions: ['read', 'write', 'sweep'].map((name) => ({ name, description: '' })),
    },
  ],
  roles: [role('reader', 'read'), role('writer', 'write'), role('sweeper', 'sweep', 'read')],
  organisations: [{ name: 'acme', displayName: 'Acme', enabled: true, roles: ['reader'] }],
  groups: [
    group('company', { roles: ['reader'], groups: ['staff'] }),
    group('staff', { groups: ['night-shift'] }),
    group('night-shift', { roles: ['sweeper'] }),
    group('buyers', { organisation: 'acme', roles: ['writer'] }),
  ],
  clients: [aDeclaredClient({ roles: ['sweeper'] })],
  users: [aDeclaredUser({ groups: ['night-shift'], roles: [] })],
});

async function alice(tenant: Awaited<ReturnType<Applying['applied']>>) {
  const [user] = tenant.users;
  if (!user) throw new Error('no account');
  return the.on.requester.request(findAccount, { tenantId: tenant.tenantId, accountId: user.accountId });
}

describe('what roles give', () => {
  it('comes through nested groups', async () => {
    const account = await alice(await the.applied(declared()));
    expect(account).toMatchObject({
      groups: ['company', 'night-shift', 'staff'],
      roles: ['reader', 'sweeper'],
      authority: { version: 1, permissions: { [orders]: ['read', 'sweep'] } },
      organisations: [],
    });
  });

  it('counts in an organisation apart: by the membership, by the organisation itself, by its groups', async () => {
    const tenant = await the.applied({
      ...declared(),
      users: [
        aDeclaredUser({ groups: ['acme/buyers'], roles: [], organisations: [{ name: 'acme', roles: ['sweeper'] }] }),
      ],
    });
    const [organisation] = (await alice(tenant)).organisations;
    expect(organisation).toMatchObject({
      ...{ name: 'acme', roles: ['reader', 'sweeper', 'writer'] },
      permissions: { [orders]: ['read', 'sweep', 'write'] },
    });
    expect(await alice(tenant)).toMatchObject({ roles: [], groups: ['acme/buyers'], authority: { permissions: {} } });

    const again = await the.applied({ ...declared(), users: [aDeclaredUser({ groups: [], roles: [] })] });
    expect((await alice(again)).organisations).toEqual([]);
  });

  it('is nothing in a disabled organisation', async () => {
    const users = [aDeclaredUser({ groups: [], roles: [], organisations: [{ name: 'acme', roles: ['sweeper'] }] })];
    await the.applied({ ...declared(), users });
    const organisations = [{ name: 'acme', displayName: 'Acme', enabled: false, roles: ['reader'] }];
    const tenant = await the.applied({ ...declared(), users, organisations });
    expect(await alice(tenant)).toMatchObject({ organisations: [], authority: { version: 2 } });
  });

  it('is told of a client that acts for itself', async () => {
    const { tenantId: tenant } = await the.applied(declared());
    const client = await the.on.requester.request(findClient, { tenantId: tenant, clientId: 'shop' });
    expect(client.authority?.permissions).toEqual({ [orders]: ['read', 'sweep'] });
  });

  it.each([
    ["a role's permissions", { roles: [role('sweeper', 'sweep')] }],
    ["a group's roles", { groups: [group('company', { groups: ['staff'] })] }],
    ['a nesting', { groups: [group('staff')] }],
    ["an organisation's roles", { organisations: [{ name: 'acme', displayName: 'Acme', enabled: true, roles: [] }] }],
  ] satisfies [string, Partial<DeclaredTenant>][])(
    'has another version after a change of %s, without one of an account, and older copies are forbidden',
    async (_what, changed) => {
      await the.applied(declared());
      the.on.token.floors.length = 0;
      const account = await alice(await the.applied({ ...declared(), ...changed }));
      expect(account).toMatchObject({ version: 1, authority: { version: 2 } });
      const kinds = new Set(
        the.on.token.floors.map(({ kind, ...rest }) => JSON.stringify([kind, 'version' in rest && rest.version])),
      );
      expect(kinds).toEqual(new Set(['["authority_version",2]']));
    },
  );

  it('makes an administrator by the role that every tenant has', async () => {
    const tenant = await the.applied({ users: [aDeclaredUser({ groups: [], roles: ['signet:auditor'] })] });
    const { permissions } = (await alice(tenant)).authority;
    expect(permissions[management]).toContain('accounts:read');
    expect(permissions[management]?.filter((name) => name.endsWith(':write'))).toEqual([]);
  });

  it('takes a permission away from roles and resource server at once, and not from under a role', async () => {
    const before = await the.applied(declared());
    const resourceServers = (declared().resourceServers ?? []).map((server) => ({
      ...server,
      permissions: server.permissions.filter(({ name }) => name !== 'sweep'),
    }));
    const refused = await failure(the.apply({ ...declared(), resourceServers, roles: [] }));
    expect(refused).toMatchObject({ code: 'failed_precondition' });
    const roles = [role('reader', 'read'), role('writer', 'write'), role('sweeper', 'read')];
    const account = await alice(await the.applied({ ...declared(), resourceServers, roles }));
    expect(account.authority.permissions).toEqual({ [orders]: ['read'] });
    const types = typesOf(await recordedEvents(the.on, before.tenantId));
    expect(types).toEqual(expect.arrayContaining(['resource-server.updated', 'role.updated']));
  });
});

describe('what is refused', () => {
  const { roles } = aDeclaredTenant();
  it.each([
    [
      'a group that holds itself',
      { groups: [group('a', { groups: ['b'] }), group('b', { groups: ['a'] })] },
      /goes round/,
    ],
    [
      'a nesting too deep',
      {
        groups: Array.from({ length: 12 }, (_, index) =>
          group(`g${index}`, { groups: index < 11 ? [`g${index + 1}`] : [] }),
        ),
      },
      /more than 10 deep/,
    ],
    ['a permission that is not there', { roles: [...roles, role('bad', 'fly')] }, /no permission fly/],
    [
      'a group of an organisation for whom it has not',
      {
        organisations: [{ name: 'acme', displayName: 'Acme', enabled: true, roles: [] }],
        groups: [group('staff', { organisation: 'acme' })],
        users: [aDeclaredUser({ groups: ['acme/staff'], roles: [] })],
      },
      /of another organisation/,
    ],
    ["a role called as Signet's own", { roles: [...roles, role('signet:root')] }, /Signet's own/],
    [
      'an attribute that nobody defined',
      { users: [aDeclaredUser({ groups: [], roles: [], attributes: { shoe_size: 42 } })] },
      /no attribute of this tenant/,
    ],
    [
      'an attribute of another type',
      {
        attributes: [{ ...attribute('shoe_size'), type: 'integer' as const }],
        users: [aDeclaredUser({ groups: [], roles: [], attributes: { shoe_size: 'large' } })],
      },
      /expected (int|number)/,
    ],
    [
      'an account without a required attribute',
      { attributes: [{ ...attribute('badge'), required: true }], users: [aDeclaredUser({ groups: [], roles: [] })] },
      /is required/,
    ],
  ] satisfies [string, Partial<DeclaredTenant>, RegExp][])('%s', async (_what, changed, message) => {
    const base = { groups: [], clients: [], users: [] };
    const { code, details } = await failure(the.apply({ ...base, ...changed }));
    expect(code).toBe('invalid_argument');
    expect(JSON.stringify(details)).toMatch(message);
  });
});

function attribute(name: string): DeclaredTenant['attributes'][number] {
  return { name, description: '', type: 'string', multi_valued: false, required: false, max_length: 100 };
}
