import type { DeclaredTenant, TenantId } from '@signet/contracts';
import type { EntityTransaction } from '@signet/persistence';
import type { ChangeLog } from '../../changes/change-log.js';
import { resourceServerEntity, roleEntity, rolePermissionEntity } from '../../store/catalogue-entities.js';
import { all, type StoredTenant } from '../stored-state.js';
import { reconcileNamed } from './reconcile-named.js';

/** Creates and changes roles, with the permissions that they give. Gives all ids, by name. */
export async function reconcileRoles(
  tx: EntityTransaction,
  log: ChangeLog,
  tenantId: TenantId,
  declared: DeclaredTenant,
  stored: StoredTenant,
): Promise<ReadonlyMap<string, string>> {
  const known = stored.roles;
  const { ids, changed } = await reconcileNamed(tx, log, tenantId, {
    kind: 'role',
    entity: roleEntity,
    stored: known,
    declared: declared.roles.map(({ name, description, permissions }) => ({
      key: name,
      columns: { name, description, builtIn: false },
      related: { permissions: inOrder(permissions) },
    })),
    related: ({ name }) => ({ permissions: known.get(name)?.permissions ?? {} }),
  });
  await givePermissions(tx, tenantId, declared, ids, changed);
  if ([...known.values()].some(({ id }) => changed.has(id))) log.authorityChanged(tenantId);
  return new Map([...[...known].map(([name, { id }]) => [name, id] as const), ...ids]);
}

async function givePermissions(
  tx: EntityTransaction,
  tenantId: TenantId,
  { roles }: DeclaredTenant,
  ids: ReadonlyMap<string, string>,
  changed: ReadonlySet<string>,
): Promise<void> {
  if (changed.size === 0) return;
  const servers = new Map((await all(tx, resourceServerEntity, { tenantId })).map((row) => [row.identifier, row.id]));
  for (const { name: role, permissions } of roles) {
    const roleId = ids.get(role);
    if (roleId === undefined || !changed.has(roleId)) continue;
    await tx.manager.delete(rolePermissionEntity, { tenantId, roleId });
    const rows = Object.entries(permissions).flatMap(([server, names]) => {
      const resourceServerId = servers.get(server);
      return resourceServerId === undefined
        ? []
        : [...new Set(names)].map((name) => ({ tenantId, roleId, resourceServerId, name }));
    });
    if (rows.length > 0) await tx.manager.insert(rolePermissionEntity, rows);
  }
}

const inOrder = (permissions: Readonly<Record<string, readonly string[]>>) =>
  Object.fromEntries(
    Object.entries(permissions).flatMap(([server, names]) =>
      names.length === 0 ? [] : [[server, [...new Set(names)].sort()] as const],
    ),
  );
