import { isDeepStrictEqual } from 'node:util';
import type { DeclaredTenant, TenantId } from '@signet/contracts';
import type { EntityTransaction } from '@signet/persistence';
import { groupEntity, groupRoleEntity, roleEntity, type GroupRow } from '../../store/catalogue-entities.js';
import type { ChangeLog } from '../change-log.js';
import type { StoredTenant } from '../stored-state.js';
import { reconcileNamed } from './reconcile-named.js';

/** Ids of everything that an account may refer to, by name. */
export interface AuthorityIds {
  readonly roles: ReadonlyMap<string, string>;
  readonly groups: ReadonlyMap<string, string>;
}

const sorted = (names: readonly string[]): string[] => [...new Set(names)].sort();

/** Ids of stored groups whose roles will not be what they are: their members' roles change with them. */
export function groupsWithOtherRoles({ groups }: DeclaredTenant, stored: StoredTenant | undefined): string[] {
  return groups.flatMap(({ name, roles }) => {
    const known = stored?.groups.get(name);
    return known && !isDeepStrictEqual([...known.roles], sorted(roles)) ? [known.id] : [];
  });
}

/** Creates and changes roles and groups. */
export async function reconcileGroups(
  tx: EntityTransaction,
  log: ChangeLog,
  tenantId: TenantId,
  declared: DeclaredTenant,
  stored: StoredTenant | undefined,
): Promise<AuthorityIds> {
  const { ids: declaredRoles } = await reconcileNamed(tx, log, tenantId, {
    kind: 'role',
    entity: roleEntity,
    stored: stored?.roles ?? new Map(),
    declared: declared.roles.map((role) => ({ key: role.name, columns: role })),
  });
  const roles = new Map([...idsOf(stored?.roles), ...declaredRoles]);
  const others = groupsWithOtherRoles(declared, stored);
  const { ids: declaredGroups } = await reconcileNamed(tx, log, tenantId, {
    kind: 'group',
    entity: groupEntity,
    stored: stored?.groups ?? new Map<string, GroupRow>(),
    declared: declared.groups.map(({ name, displayName, roles: names }) => ({
      key: name,
      columns: { name, displayName },
      related: { roles: sorted(names) },
    })),
    related: ({ name }) => ({ roles: stored?.groups.get(name)?.roles ?? [] }),
  });
  for (const { name, roles: names } of declared.groups) {
    const groupId = declaredGroups.get(name);
    const isNew = !stored?.groups.has(name);
    if (groupId === undefined || (!isNew && !others.includes(groupId))) continue;
    await tx.manager.delete(groupRoleEntity, { tenantId, groupId });
    const rows = sorted(names).flatMap((role) => {
      const roleId = roles.get(role);
      return roleId === undefined ? [] : [{ tenantId, groupId, roleId }];
    });
    if (rows.length > 0) await tx.manager.insert(groupRoleEntity, rows);
  }
  return { roles, groups: new Map([...idsOf(stored?.groups), ...declaredGroups]) };
}

const idsOf = (rows: ReadonlyMap<string, { id: string }> | undefined): [string, string][] =>
  [...(rows ?? [])].map(([name, { id }]) => [name, id]);
