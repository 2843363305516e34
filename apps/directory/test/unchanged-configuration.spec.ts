import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DeclaredTenant } from '@signet/contracts';
import { Applying } from './applying.js';
import { aDeclaredClient, aDeclaredTenant, aDeclaredUser, hash } from './declarations.js';

let the: Applying;

beforeAll(async () => {
  the = await Applying.start();
});
afterAll(() => the.stop());
beforeEach(() => {
  the.startAnew();
});

async function sentBy(work: () => Promise<unknown>): Promise<string[]> {
  const before = await the.statements();
  await work();
  const after = await the.statements();
  return [...after].flatMap(([name, count]) => (count > (before.get(name) ?? 0) ? [name] : []));
}

describe('a configuration that stands', () => {
  it('is found by one look, and answered as it was', async () => {
    const first = await the.apply();
    let second: unknown;
    const sent = await sentBy(async () => (second = await the.apply()));
    expect(second).toEqual({ changes: 0, tenants: first.tenants });
    expect(sent.filter((name) => name.startsWith('directory.c')).sort()).toEqual([
      'directory.change.find-unraised',
      'directory.configuration.find-plan',
      'directory.configuration.find-unchanged',
    ]);
    expect(sent).not.toContain('persistence.manager.query');
  });

  it.each([
    ['the tenant', { name: 'Other' }],
    ['a scope', { scopes: [{ name: 'openid', description: 'Other' }, ...aDeclaredTenant().scopes.slice(1)] }],
    [
      'a resource server',
      {
        resourceServers: [
          {
            identifier: 'https://orders.example',
            name: 'Other',
            accessTokenSigningAlg: 'PS256',
            statusList: false,
            permissions: [],
          },
        ],
      },
    ],
    [
      'a role',
      {
        roles: [
          { name: 'auditor', description: 'Other', permissions: {} },
          { name: 'clerk', description: '', permissions: {} },
        ],
      },
    ],
    ['a group', { groups: [{ name: 'staff', displayName: 'Other', roles: ['clerk'], groups: [] }] }],
    ['the roles of a group', { groups: [{ name: 'staff', displayName: 'Staff', roles: ['auditor'], groups: [] }] }],
    ['a client', { clients: [aDeclaredClient({ name: 'Other' })] }],
    ['a secret', { clients: [aDeclaredClient({ secretHashes: [hash('C')] })] }],
    ['a user', { users: [aDeclaredUser({ enabled: false })] }],
    ['the groups of a user', { users: [aDeclaredUser({ groups: [] })] }],
    ['the roles of a user', { users: [aDeclaredUser({ roles: [] })] }],
  ] satisfies [string, Partial<DeclaredTenant>][])('is applied again after %s was changed', async (_what, changed) => {
    await the.apply();
    expect((await the.apply(changed)).changes).toBeGreaterThan(0);
    expect((await the.apply()).changes).toBeGreaterThan(0);
    expect((await the.apply()).changes).toBe(0);
  });
});
