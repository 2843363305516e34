import { isDeepStrictEqual } from 'node:util';
import type { DeclaredTenant, TenantId } from '@signet/contracts';
import { MeshError } from '@signet/messaging';
import type { EntityTransaction } from '@signet/persistence';
import { In } from 'typeorm';
import { bumpCatalogue } from '../../changes/change-statements.js';
import type { ChangeLog } from '../../changes/change-log.js';
import {
  permissionEntity,
  resourceServerEntity,
  rolePermissionEntity,
  scopeEntity,
} from '../../store/catalogue-entities.js';
import type { StoredTenant } from '../stored-state.js';
import { reconcileNamed } from './reconcile-named.js';

type DeclaredPermissions = DeclaredTenant['resourceServers'][number]['permissions'];

/** Creates and changes resource servers and scopes. Permissions that are declared no more stay until `dropPermissions`. */
export async function reconcileCatalogue(
  tx: EntityTransaction,
  log: ChangeLog,
  tenantId: TenantId,
  declared: DeclaredTenant,
  stored: StoredTenant,
): Promise<void> {
  const servers = await reconcileNamed(tx, log, tenantId, {
    kind: 'resource-server',
    entity: resourceServerEntity,
    stored: stored.resourceServers,
    declared: declared.resourceServers.map(({ permissions, ...server }) => ({
      key: server.identifier,
      columns: { ...server, builtIn: false },
      related: { permissions: inOrder(permissions) },
    })),
    related: ({ identifier }) => ({ permissions: stored.resourceServers.get(identifier)?.permissions ?? [] }),
  });
  for (const { identifier, permissions } of declared.resourceServers) {
    const resourceServerId = servers.ids.get(identifier);
    if (resourceServerId === undefined || !servers.changed.has(resourceServerId) || permissions.length === 0) continue;
    const rows = permissions.map((permission) => ({ ...permission, tenantId, resourceServerId }));
    await tx.manager.upsert(permissionEntity, rows, ['tenantId', 'resourceServerId', 'name']);
  }
  const scopes = await reconcileNamed(tx, log, tenantId, {
    kind: 'scope',
    entity: scopeEntity,
    stored: stored.scopes,
    declared: declared.scopes.map(({ name, description, resourceServer = null }) => ({
      key: name,
      columns: { name, description, resourceServer, builtIn: false },
    })),
  });
  if (servers.changed.size + scopes.changed.size > 0) await tx.execute(bumpCatalogue, { tenantId });
}

/** Takes away the permissions that are declared no more, when roles have been changed. Throws failed_precondition where one is given still. */
export async function dropPermissions(
  tx: EntityTransaction,
  tenantId: TenantId,
  declared: DeclaredTenant,
  stored: StoredTenant,
): Promise<void> {
  for (const { identifier, permissions } of declared.resourceServers) {
    const known = stored.resourceServers.get(identifier);
    if (!known || isDeepStrictEqual(known.permissions, inOrder(permissions))) continue;
    const gone = known.permissions
      .map(({ name }) => name)
      .filter((name) => permissions.every((one) => one.name !== name));
    if (gone.length === 0) continue;
    const where = { tenantId, resourceServerId: known.id, name: In(gone) };
    const given = await tx.manager.findOne(rolePermissionEntity, { where });
    if (given) {
      const path = `tenants.${declared.slug}.resourceServers.${identifier}.permissions`;
      throw new MeshError('failed_precondition', 'a permission is given still', [
        { path, message: `${given.name} is given by a role` },
      ]);
    }
    await tx.manager.delete(permissionEntity, where);
  }
}

const inOrder = (permissions: DeclaredPermissions): DeclaredPermissions =>
  [...permissions].sort((one, other) => (one.name < other.name ? -1 : 1));
