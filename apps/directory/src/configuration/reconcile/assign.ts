import type { AccountId, DeclaredUser, TenantId } from '@signet/contracts';
import type { EntityTransaction } from '@signet/persistence';
import { In } from 'typeorm';
import { accountRoleEntity, membershipEntity } from '../../store/account-entities.js';
import type { AuthorityIds } from './reconcile-groups.js';

/** What an account may do, by name: the groups it is in, the roles given to itself, and all its roles. */
export interface Authority {
  readonly groups: readonly string[];
  readonly ownRoles: readonly string[];
  readonly roles: readonly string[];
}

/** Makes the account's groups and own roles what is declared. */
export async function assign(
  tx: EntityTransaction,
  tenantId: TenantId,
  accountId: AccountId,
  declared: Pick<DeclaredUser, 'groups' | 'roles'>,
  before: Authority | undefined,
  ids: AuthorityIds,
): Promise<void> {
  const key = { tenantId, accountId };
  const groups = delta(before?.groups ?? [], declared.groups, ids.groups);
  if (groups.gone.length > 0) await tx.manager.delete(membershipEntity, { ...key, groupId: In(groups.gone) });
  if (groups.added.length > 0) {
    await tx.manager.insert(
      membershipEntity,
      groups.added.map((groupId) => ({ ...key, groupId })),
    );
  }
  const roles = delta(before?.ownRoles ?? [], declared.roles, ids.roles);
  if (roles.gone.length > 0) await tx.manager.delete(accountRoleEntity, { ...key, roleId: In(roles.gone) });
  if (roles.added.length > 0) {
    await tx.manager.insert(
      accountRoleEntity,
      roles.added.map((roleId) => ({ ...key, roleId })),
    );
  }
}

function delta(
  before: readonly string[],
  after: readonly string[],
  ids: ReadonlyMap<string, string>,
): { gone: string[]; added: string[] } {
  const idsOf = (names: readonly string[]) => [...new Set(names)].flatMap((name) => ids.get(name) ?? []);
  return {
    gone: idsOf(before.filter((name) => !after.includes(name))),
    added: idsOf(after.filter((name) => !before.includes(name))),
  };
}
