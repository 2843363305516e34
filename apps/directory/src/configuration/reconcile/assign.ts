import type { AccountId, OrganisationId, TenantId } from '@signet/contracts';
import type { EntityTransaction } from '@signet/persistence';
import { In, IsNull, type FindOperator } from 'typeorm';
import type { Assignments } from '../../accounts/account-statements.js';
import { accountRoleEntity, membershipEntity, organisationMemberEntity } from '../../store/account-entities.js';
import type { AuthorityIds } from './reconcile-groups.js';

interface Owner {
  readonly tenantId: TenantId;
  readonly accountId: AccountId;
}

const nothing: Assignments = { groups: [], roles: [], organisations: [] };

/** Makes the account's groups, roles and organisations what is declared. */
export async function assign(
  tx: EntityTransaction,
  owner: Owner,
  declared: Assignments,
  before: Assignments = nothing,
  ids: AuthorityIds,
): Promise<void> {
  const groups = delta(before.groups, declared.groups, ids.groups);
  if (groups.gone.length > 0) await tx.manager.delete(membershipEntity, { ...owner, groupId: In(groups.gone) });
  if (groups.added.length > 0) {
    await tx.manager.insert(
      membershipEntity,
      groups.added.map((groupId) => ({ ...owner, groupId })),
    );
  }
  await assignRoles(tx, owner, null, delta(before.roles, declared.roles, ids.roles));
  await assignOrganisations(tx, owner, declared, before, ids);
}

async function assignOrganisations(
  tx: EntityTransaction,
  owner: Owner,
  declared: Assignments,
  before: Assignments,
  ids: AuthorityIds,
): Promise<void> {
  const names = ({ organisations }: Assignments) => organisations.map(({ name }) => name);
  const { gone, added } = delta(names(before), names(declared), ids.organisations);
  // Their roles go with them.
  if (gone.length > 0) await tx.manager.delete(organisationMemberEntity, { ...owner, organisationId: In(gone) });
  if (added.length > 0) {
    await tx.manager.insert(
      organisationMemberEntity,
      added.map((organisationId) => ({ ...owner, organisationId })),
    );
  }
  for (const { name, roles } of declared.organisations) {
    const organisationId = ids.organisations.get(name);
    const known = before.organisations.find((one) => one.name === name)?.roles ?? [];
    if (organisationId !== undefined) await assignRoles(tx, owner, organisationId, delta(known, roles, ids.roles));
  }
}

async function assignRoles(
  tx: EntityTransaction,
  owner: Owner,
  organisationId: OrganisationId | null,
  { gone, added }: { gone: readonly string[]; added: readonly string[] },
): Promise<void> {
  const place: string | FindOperator<string> = organisationId ?? IsNull();
  if (gone.length > 0) {
    await tx.manager.delete(accountRoleEntity, { ...owner, organisationId: place, roleId: In([...gone]) });
  }
  if (added.length > 0) {
    await tx.manager.insert(
      accountRoleEntity,
      added.map((roleId) => ({ ...owner, roleId, organisationId })),
    );
  }
}

function delta<Id extends string>(
  before: readonly string[],
  after: readonly string[],
  ids: ReadonlyMap<string, Id>,
): { gone: Id[]; added: Id[] } {
  const idsOf = (names: readonly string[]) => [...new Set(names)].flatMap((name) => ids.get(name) ?? []);
  return {
    gone: idsOf(before.filter((name) => !after.includes(name))),
    added: idsOf(after.filter((name) => !before.includes(name))),
  };
}
