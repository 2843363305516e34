import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { applyDirectoryConfiguration, type DeclaredTenant } from '@signet/contracts';
import { aDeclaredClient, aDeclaredTenant, aDeclaredUser, aPlan, hash } from './declarations.js';
import { runDirectory, type RunningDirectory } from './running-directory.js';

let on: RunningDirectory;
let next = 0;
/** Each test has a tenant of its own. */
let own: DeclaredTenant;

beforeAll(async () => {
  on = await runDirectory();
});
afterAll(() => on.stop());
beforeEach(() => {
  const slug = `t${++next}`;
  own = aDeclaredTenant({ slug, issuer: `https://id.acme.example/t/${slug}` });
});

const apply = (changed: Partial<DeclaredTenant> = {}) =>
  on.requester.request(applyDirectoryConfiguration, aPlan({ ...own, ...changed }));

async function statements(): Promise<Map<string, number>> {
  const metric = await on.service.metrics.getSingleMetric('signet_database_statements_total')?.get();
  return new Map(metric?.values.map(({ labels, value }) => [String(labels['statement']), value]));
}

async function sentBy(work: () => Promise<unknown>): Promise<string[]> {
  const before = await statements();
  await work();
  const after = await statements();
  return [...after].flatMap(([name, count]) => (count > (before.get(name) ?? 0) ? [name] : []));
}

describe('a configuration that stands', () => {
  it('is found by one look, and answered as it was', async () => {
    const first = await apply();
    let second: unknown;
    const sent = await sentBy(async () => (second = await apply()));
    expect(second).toEqual({ changes: 0, tenants: first.tenants });
    expect(sent.filter((name) => name.startsWith('directory.configuration.')).sort()).toEqual([
      'directory.configuration.find-plan',
      'directory.configuration.find-unchanged',
      'directory.configuration.find-unraised',
    ]);
    expect(sent).not.toContain('persistence.manager.query');
  });

  it.each([
    ['the tenant', { name: 'Other' }],
    ['a scope', { scopes: [{ name: 'openid', description: 'Other' }, ...aDeclaredTenant().scopes.slice(1)] }],
    [
      'a resource server',
      { resourceServers: [{ identifier: 'https://orders.example', name: 'Other', accessTokenSigningAlg: 'PS256' }] },
    ],
    [
      'a role',
      {
        roles: [
          { name: 'auditor', description: 'Other' },
          { name: 'clerk', description: '' },
        ],
      },
    ],
    ['a group', { groups: [{ name: 'staff', displayName: 'Other', roles: ['clerk'] }] }],
    ['the roles of a group', { groups: [{ name: 'staff', displayName: 'Staff', roles: ['auditor'] }] }],
    ['a client', { clients: [aDeclaredClient({ name: 'Other' })] }],
    ['a secret', { clients: [aDeclaredClient({ secretHashes: [hash('C')] })] }],
    ['a user', { users: [aDeclaredUser({ enabled: false })] }],
    ['the groups of a user', { users: [aDeclaredUser({ groups: [] })] }],
    ['the roles of a user', { users: [aDeclaredUser({ roles: [] })] }],
  ] satisfies [string, Partial<DeclaredTenant>][])('is applied again after %s was changed', async (_what, changed) => {
    await apply();
    expect((await apply(changed)).changes).toBeGreaterThan(0);
    expect((await apply()).changes).toBeGreaterThan(0);
    expect((await apply()).changes).toBe(0);
  });
});
