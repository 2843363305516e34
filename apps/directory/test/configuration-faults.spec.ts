import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { findTenant, resolveAccount, type DeclaredTenant } from '@signet/contracts';
import { Applying, failure } from './applying.js';
import { aDeclaredClient, aDeclaredTenant, aDeclaredUser } from './declarations.js';
import { recordedEvents } from './recorded-events.js';

let the: Applying;

beforeAll(async () => {
  the = await Applying.start();
});
afterAll(() => the.stop());
beforeEach(() => {
  the.startAnew();
});

describe('a configuration that cannot stand', () => {
  it('is refused whole, every fault with its path', async () => {
    const { tenantId: tenant } = await the.applied();
    const before = await recordedEvents(the.on, tenant);
    const error = await failure(
      the.apply({
        name: 'Renamed',
        clients: [aDeclaredClient({ scopes: ['nothing'], redirectUris: ['https://a.example/#b'] })],
        users: [aDeclaredUser({ groups: ['nobody'] }), aDeclaredUser({ username: 'ALICE' })],
      }),
    );
    expect(error.code).toBe('invalid_argument');
    expect(error.details).toEqual([
      { path: `tenants.${the.own.slug}.users.alice`, message: 'is declared twice' },
      { path: `tenants.${the.own.slug}.clients.shop.redirectUris.0`, message: 'has a fragment' },
      { path: `tenants.${the.own.slug}.clients.shop.scopes.0`, message: 'there is no scope nothing' },
      { path: `tenants.${the.own.slug}.users.Alice.groups.0`, message: 'there is no group nobody' },
    ]);
    expect(await recordedEvents(the.on, tenant)).toEqual(before);
    expect(await the.on.requester.request(findTenant, { slug: the.own.slug })).toMatchObject({ version: 1 });
  });

  it('may not have permissions that no token would tell, for want of a scope', async () => {
    const { resourceServers: servers, scopes } = aDeclaredTenant();
    const [server] = servers;
    if (!server) throw new Error('no resource server');
    const bills = { ...server, identifier: 'https://bills.example', permissions: [{ name: 'pay', description: '' }] };
    const scope = { name: 'bills:read', description: 'See bills', resourceServer: bills.identifier };
    const resourceServers = [server, bills];
    const error = await failure(the.apply({ resourceServers }));
    expect(error.code).toBe('invalid_argument');
    expect(error.details).toEqual([
      {
        path: `tenants.${the.own.slug}.resourceServers.${bills.identifier}.permissions`,
        message: 'would be told by no token: the resource server has no scope',
      },
    ]);
    await the.apply({ resourceServers, scopes: [...scopes, scope] });
    // One that is there already does as well.
    await the.apply({ resourceServers });
    const elsewhere = { ...scope, resourceServer: server.identifier };
    const moved = await failure(the.apply({ resourceServers, scopes: [...scopes, elsewhere] }));
    expect(moved.code).toBe('invalid_argument');
  });

  it('may not give a tenant another issuer, nor one that another tenant has', async () => {
    await the.applied();
    const changed = await failure(the.apply({ issuer: `${the.own.issuer}/new` }));
    expect(changed.code).toBe('failed_precondition');
    expect(changed.details).toMatchObject([{ path: `tenants.${the.own.slug}.issuer` }]);
    const taken = await failure(the.apply({ slug: `${the.own.slug}-other` }));
    expect(taken.code).toBe('failed_precondition');
    await expect(
      the.on.database.query('update directory.tenant set issuer = issuer || $2 where slug = $1', [the.own.slug, 'x']),
    ).rejects.toThrow(/immutable/);
  });

  it('may not give the name of a deleted account to another', async () => {
    const { tenantId: tenant } = await the.applied();
    await the.on.database.query(
      `set local session_replication_role = replica; update directory.account set deleted_at = now(), restorable_until = now() where tenant_id = '${tenant}'`,
    );
    const error = await failure(the.apply());
    expect(error.code).toBe('failed_precondition');
    expect(error.details).toEqual([
      { path: `tenants.${the.own.slug}.users.Alice`, message: 'is the name of a deleted account' },
    ]);
    const { account } = await the.on.requester.request(resolveAccount, { tenantId: tenant, identifier: 'alice' });
    expect(account).toBeNull();
  });

  it.each<[string, Partial<DeclaredTenant> & Record<string, unknown>]>([
    ['NUL in a name', { name: 'a\u0000' }],
    ['a lone surrogate', { name: '\ud800' }],
    ['an unknown member', { admin: true }],
    ['a scope with a space', { scopes: [{ name: 'a b', description: '' }] }],
    ['a NUL in a URL claim', { users: [{ ...aDeclaredUser(), claims: { picture: 'https://a.example/\u0000' } }] }],
    ['a prototype for a group', { groups: [{ name: '__proto__', displayName: 'x', roles: [], groups: [] }] }],
    ['an enormous max age', { clients: [aDeclaredClient({ defaultMaxAge: Number.MAX_SAFE_INTEGER })] }],
  ])('is refused for %s', async (_, changed) => {
    const { code } = await failure(the.apply(changed));
    expect(code).toBe('invalid_argument');
  });
});
