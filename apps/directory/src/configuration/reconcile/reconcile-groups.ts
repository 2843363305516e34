import { groupName, type DeclaredTenant, type OrganisationId, type TenantId } from '@signet/contracts';
import type { EntityTransaction } from '@signet/persistence';
import type { ChangeLog } from '../../changes/change-log.js';
import { groupEntity, groupGroupEntity, groupRoleEntity } from '../../store/catalogue-entities.js';
import type { StoredGroup, StoredTenant } from '../stored-state.js';
import { giveRoles, sortedNames } from './give-roles.js';
import { reconcileNamed } from './reconcile-named.js';

/** Ids of everything that an account may refer to, by name. */
export interface AuthorityIds {
  readonly roles: ReadonlyMap<string, string>;
  readonly organisations: ReadonlyMap<string, OrganisationId>;
  readonly groups: ReadonlyMap<string, string>;
}

/** Creates and changes groups, with their roles and with the groups whose members are theirs. Gives all ids, by what they are referred to. */
export async function reconcileGroups(
  tx: EntityTransaction,
  log: ChangeLog,
  tenantId: TenantId,
  declared: DeclaredTenant,
  stored: StoredTenant,
  { roles, organisations }: Pick<AuthorityIds, 'roles' | 'organisations'>,
): Promise<AuthorityIds['groups']> {
  const known = stored.groups;
  const byId = new Map([...known.values()].map((group) => [group.id, group]));
  const related = (group: Pick<StoredGroup, 'roles' | 'groups'> | undefined) => ({
    roles: sortedNames(group?.roles ?? []),
    groups: sortedNames(group?.groups ?? []),
  });
  const { ids: declaredIds, changed } = await reconcileNamed(tx, log, tenantId, {
    kind: 'group',
    entity: groupEntity,
    stored: known,
    declared: declared.groups.map((group) => ({
      key: groupName(group),
      columns: {
        name: group.name,
        displayName: group.displayName,
        organisationId: organisations.get(group.organisation ?? '') ?? null,
      },
      related: related(group),
    })),
    related: ({ id }) => related(byId.get(id)),
  });
  const ids = new Map([...[...known].map(([name, { id }]) => [name, id] as const), ...declaredIds]);
  let gives = false;
  for (const group of declared.groups) {
    const groupId = declaredIds.get(groupName(group));
    if (groupId === undefined || !changed.has(groupId)) continue;
    await giveRoles(tx, groupRoleEntity, { tenantId, groupId }, group.roles, roles);
    await nest(tx, tenantId, groupId, group.groups, ids);
    // A new group has no members but those of the groups in it.
    gives ||= known.has(groupName(group)) || group.groups.length > 0;
  }
  if (gives) log.authorityChanged(tenantId);
  return ids;
}

async function nest(
  tx: EntityTransaction,
  tenantId: TenantId,
  parentId: string,
  groups: readonly string[],
  ids: ReadonlyMap<string, string>,
): Promise<void> {
  await tx.manager.delete(groupGroupEntity, { tenantId, parentId });
  const rows = sortedNames(groups).flatMap((name) => {
    const childId = ids.get(name);
    return childId === undefined ? [] : [{ tenantId, parentId, childId }];
  });
  if (rows.length > 0) await tx.manager.insert(groupGroupEntity, rows);
}
