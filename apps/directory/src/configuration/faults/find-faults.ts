import { isDeepStrictEqual } from 'node:util';
import {
  builtInRoles,
  managementPermissions,
  managementResource,
  managementScopes,
  identifierKey,
  type DeclaredTenant,
} from '@signet/contracts';
import type { TenantRow } from '../../store/tenant-entity.js';
import type { StoredTenant } from '../stored-state.js';
import type { ClientRules } from '../../clients/faults/client-check.js';
import { attributeFaults } from '../../accounts/attribute-faults.js';
import { below, repeated, type Fault } from './fault.js';
import { nestingFaults } from './nesting-faults.js';
import { namesOf, permissionKey, referenceFaults } from './reference-faults.js';
import { issuerConflicts, subjectsAsClients, tombstones } from './stored-faults.js';
import { tenantFaults } from './tenant-faults.js';

/** What a tenant that is yet to be made has from its beginning. */
const builtIns = {
  scopes: new Set<string>(Object.values(managementScopes)),
  resourceServers: new Set<string>([managementResource]),
  roles: new Set(builtInRoles.map(({ name }) => name)),
  organisations: new Set<string>(),
  groups: new Set<string>(),
  permissions: new Set(managementPermissions.map((name) => permissionKey(managementResource, name))),
};

/**
 * Everything that is wrong with a configuration, held against what is stored: what would come of it is judged whole.
 * `tenants` are the stored rows with the same slugs or issuers, `stored` what is known of each by slug.
 */
export function findFaults(
  declared: readonly DeclaredTenant[],
  tenants: readonly TenantRow[],
  stored: ReadonlyMap<string, StoredTenant>,
  rules: ClientRules,
): Fault[] {
  const faults = [
    ...repeated(declared, 'slug', ({ slug }) => slug),
    ...repeated(declared, 'issuer', ({ issuer }) => issuer),
    ...declared.flatMap((tenant) => {
      const known = stored.get(tenant.slug);
      return below(
        [tenant.slug],
        [
          ...tenantFaults(tenant, rules),
          ...changedAttributeFaults(tenant, known),
          ...referenceFaults(tenant, namesOf(tenant, known ? namesStored(known) : builtIns)),
          ...nestingFaults(tenant, known?.groups),
          ...issuerConflicts(tenant, tenants),
          ...tombstones(tenant, known),
          ...subjectsAsClients(tenant, known),
        ],
      );
    }),
  ];
  return below(['tenants'], faults);
}

/** Attributes that stay as they were are not judged again: a definition that is newer than an account would keep it from being disabled. */
function changedAttributeFaults({ attributes, users }: DeclaredTenant, stored: StoredTenant | undefined): Fault[] {
  return users.flatMap((user) => {
    const known = stored?.accounts.get(identifierKey(user.username))?.row;
    const isSame = known !== undefined && isDeepStrictEqual(known.attributes, user.attributes);
    return isSame ? [] : below(['users', user.username], attributeFaults(attributes, user.attributes));
  });
}

function namesStored(stored: StoredTenant): typeof builtIns {
  return {
    scopes: new Set(stored.scopes.keys()),
    resourceServers: new Set(stored.resourceServers.keys()),
    roles: new Set(stored.roles.keys()),
    organisations: new Set(stored.organisations.keys()),
    groups: new Set(stored.groups.keys()),
    permissions: new Set(
      [...stored.resourceServers.values()].flatMap(({ identifier, permissions }) =>
        permissions.map(({ name }) => permissionKey(identifier, name)),
      ),
    ),
  };
}
