import { organisationId, type DeclaredTenant, type OrganisationId, type TenantId } from '@signet/contracts';
import type { EntityTransaction } from '@signet/persistence';
import type { ChangeLog } from '../../changes/change-log.js';
import { organisationEntity, organisationRoleEntity } from '../../store/catalogue-entities.js';
import type { StoredTenant } from '../stored-state.js';
import { giveRoles, sortedNames } from './give-roles.js';
import { reconcileNamed } from './reconcile-named.js';

/** Creates and changes organisations, with the roles that their members have. Gives all ids, by name. */
export async function reconcileOrganisations(
  tx: EntityTransaction,
  log: ChangeLog,
  tenantId: TenantId,
  declared: DeclaredTenant,
  stored: StoredTenant,
  roles: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, OrganisationId>> {
  const known = stored.organisations;
  const { ids, changed } = await reconcileNamed(tx, log, tenantId, {
    kind: 'organisation',
    entity: organisationEntity,
    stored: known,
    declared: declared.organisations.map(({ name, displayName, enabled, roles: names }) => ({
      key: name,
      columns: { name, displayName, enabled },
      related: { roles: sortedNames(names) },
    })),
    related: ({ name }) => ({ roles: known.get(name)?.roles ?? [] }),
  });
  for (const { name, roles: names } of declared.organisations) {
    const id = ids.get(name);
    if (id === undefined || !changed.has(id)) continue;
    await giveRoles(tx, organisationRoleEntity, { tenantId, organisationId: id }, names, roles);
  }
  if ([...known.values()].some(({ id }) => changed.has(id))) log.authorityChanged(tenantId);
  return new Map(
    [...[...known].map(([name, { id }]) => [name, id] as const), ...ids].map(([name, id]) => [
      name,
      organisationId.parse(id),
    ]),
  );
}
