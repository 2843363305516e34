import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { findAccount, type PrunableKind, type TenantId } from '@signet/contracts';
import { Database } from '@signet/persistence';
import { EventFactory, FloorRaiser } from '@signet/service';
import { DirectoryChanges } from '../src/changes/directory-changes.js';
import { remove } from '../src/removal/remove.js';
import { Applying } from './applying.js';
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

function removing(kind: PrunableKind, tenantId: TenantId, ids: readonly string[]) {
  const { app } = the.on.service;
  const changes = new DirectoryChanges({
    database: app.get(Database),
    events: app.get(EventFactory),
    floors: app.get(FloorRaiser),
  });
  return changes.run({ tenantId, context: { actor: 'operator:test' } }, ({ tx, log }) =>
    remove(tx, log, kind, tenantId, ids),
  );
}

async function idOf(table: string, tenantId: TenantId, name: string, column = 'name'): Promise<string> {
  const rows = await the.on.database.query<{ id: string }>(
    `select id from directory.${table} where tenant_id = $1 and ${column} = $2`,
    [tenantId, name],
  );
  return rows[0]?.id ?? 'none';
}

describe('remove', () => {
  it('deletes an organisation with what its members had by it, and no copy from before may be used', async () => {
    const organisations = [{ name: 'acme', displayName: 'Acme', enabled: true, roles: ['clerk'] }];
    const users = [aDeclaredUser({ organisations: [{ name: 'acme', roles: ['auditor'] }] })];
    const { tenantId, users: made } = await the.applied({ organisations, users });
    the.on.token.floors.length = 0;
    const id = await idOf('organisation', tenantId, 'acme');
    expect(await removing('organisations', tenantId, [id])).toEqual({ removed: [id], inUse: [] });
    expect(the.on.token.floors).toMatchObject([{ kind: 'authority_version', tenantId }]);
    const [account] = made;
    if (!account) throw new Error('no account');
    const found = await the.on.requester.request(findAccount, { tenantId, accountId: account.accountId });
    expect(found).toMatchObject({ organisations: [] });
    const events = await recordedEvents(the.on, tenantId, 'organisation:%');
    expect(typesOf(events)).toEqual(['organisation.created', 'organisation.deleted']);
    expect(events.at(-1)).toMatchObject({
      aggregateversion: 2,
      data: { before: { name: 'acme', displayName: 'Acme', enabled: true } },
    });
  });

  it('deletes what nothing refers to, and says of the rest what does', async () => {
    const roles = ['auditor', 'clerk', 'free'].map((name) => ({ name, description: '', permissions: {} }));
    const { tenantId, users } = await the.applied({ roles });
    const [free, auditor, clerk] = await Promise.all(
      ['free', 'auditor', 'clerk'].map((name) => idOf('role', tenantId, name)),
    );
    const { removed, inUse } = await removing('roles', tenantId, [free, auditor, clerk].map(String));
    expect(removed).toEqual([free]);
    expect(inUse).toHaveLength(2);
    expect(inUse).toContainEqual({ id: auditor, kind: 'account', name: users[0]?.accountId });
    expect(inUse).toContainEqual({ id: clerk, kind: 'group', name: 'staff' });
  });

  it.each([
    ['roles', 'role', 'signet:administrator', 'name'],
    ['scopes', 'scope', 'signet:admin', 'name'],
    ['resourceServers', 'resource_server', 'urn:signet:management', 'identifier'],
  ] as const)("never deletes %s of Signet's own", async (kind, table, name, column) => {
    const { tenantId } = await the.applied();
    const id = await idOf(table, tenantId, name, column);
    expect(await removing(kind, tenantId, [id])).toEqual({ removed: [], inUse: [] });
    expect(await idOf(table, tenantId, name, column)).toBe(id);
  });

  it('knows nothing of what another tenant has', async () => {
    const { tenantId: own } = await the.applied({ users: [] });
    const id = await idOf('role', own, 'auditor');
    the.own = { slug: `${the.own.slug}-other`, issuer: `${the.own.issuer}-other` };
    const { tenantId: other } = await the.applied();
    expect(await removing('roles', other, [id])).toEqual({ removed: [], inUse: [] });
    expect(await removing('clients', other, ['nobody'])).toEqual({ removed: [], inUse: [] });
    expect(await idOf('role', own, 'auditor')).toBe(id);
  });
});
