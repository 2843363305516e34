import { groupName, type TenantId } from '@signet/contracts';
import type { EntityTransaction } from '@signet/persistence';
import {
  groupEntity,
  groupGroupEntity,
  groupRoleEntity,
  organisationEntity,
  organisationRoleEntity,
  permissionEntity,
  resourceServerEntity,
  roleEntity,
  rolePermissionEntity,
} from '../store/catalogue-entities.js';
import {
  all,
  type StoredGroup,
  type StoredOrganisation,
  type StoredResourceServer,
  type StoredRole,
} from './stored-state.js';

/** A tenant's roles and what gives or has them, accounts and clients apart: as a whole, since each may refer to each. */
export interface AuthorityState {
  readonly resourceServers: readonly StoredResourceServer[];
  readonly roles: readonly StoredRole[];
  readonly organisations: readonly StoredOrganisation[];
  readonly groups: readonly StoredGroup[];
  readonly roleNames: ReadonlyMap<string, string>;
}

export async function readAuthorityState(tx: EntityTransaction, tenantId: TenantId): Promise<AuthorityState> {
  const servers = await all(tx, resourceServerEntity, { tenantId });
  const permissions = groupedBy(await all(tx, permissionEntity, { tenantId }), (row) => row.resourceServerId);
  const resourceServers = servers.map((server) => ({
    ...server,
    permissions: (permissions.get(server.id) ?? [])
      .map(({ name, description }) => ({ name, description }))
      .sort((one, other) => compare(one.name, other.name)),
  }));
  const roles = await rolesOf(tx, tenantId, resourceServers);
  const roleNames = namesById(roles);
  const organisations = await organisationsOf(tx, tenantId, roleNames);
  const groups = await groupsOf(tx, tenantId, roleNames, namesById(organisations));
  return { resourceServers, roles, organisations, groups, roleNames };
}

async function rolesOf(
  tx: EntityTransaction,
  tenantId: TenantId,
  servers: readonly StoredResourceServer[],
): Promise<StoredRole[]> {
  const identifiers = new Map(servers.map(({ id, identifier }) => [id, identifier]));
  const given = groupedBy(await all(tx, rolePermissionEntity, { tenantId }), ({ roleId }) => roleId);
  return (await all(tx, roleEntity, { tenantId })).map((role) => {
    const ofRole = groupedBy(given.get(role.id) ?? [], (row) => identifiers.get(row.resourceServerId) ?? '');
    const permissions = [...ofRole].map(([server, rows]) => [server, rows.map(({ name }) => name).sort()] as const);
    return { ...role, permissions: Object.fromEntries(permissions) };
  });
}

async function organisationsOf(
  tx: EntityTransaction,
  tenantId: TenantId,
  roleNames: ReadonlyMap<string, string>,
): Promise<StoredOrganisation[]> {
  const given = groupedBy(await all(tx, organisationRoleEntity, { tenantId }), (row) => row.organisationId);
  return (await all(tx, organisationEntity, { tenantId })).map((organisation) => ({
    ...organisation,
    roles: namesOf(roleNames, given.get(organisation.id) ?? [], ({ roleId }) => roleId),
  }));
}

async function groupsOf(
  tx: EntityTransaction,
  tenantId: TenantId,
  roleNames: ReadonlyMap<string, string>,
  organisationNames: ReadonlyMap<string, string>,
): Promise<StoredGroup[]> {
  const given = groupedBy(await all(tx, groupRoleEntity, { tenantId }), ({ groupId }) => groupId);
  const nested = groupedBy(await all(tx, groupGroupEntity, { tenantId }), ({ parentId }) => parentId);
  const rows = (await all(tx, groupEntity, { tenantId })).map((group) => ({
    ...group,
    organisation: group.organisationId === null ? undefined : organisationNames.get(group.organisationId),
  }));
  const references = new Map(rows.map((group) => [group.id, groupName(group)]));
  return rows.map((group) => ({
    ...group,
    roles: namesOf(roleNames, given.get(group.id) ?? [], ({ roleId }) => roleId),
    groups: namesOf(references, nested.get(group.id) ?? [], ({ childId }) => childId),
  }));
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

const namesById = (rows: readonly { readonly id: string; readonly name: string }[]): Map<string, string> =>
  new Map(rows.map(({ id, name }) => [id, name]));

function namesOf<T>(names: ReadonlyMap<string, string>, rows: readonly T[], idOf: (row: T) => string): string[] {
  return rows.flatMap((row) => names.get(idOf(row)) ?? []).sort();
}

function groupedBy<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const known = groups.get(key);
    if (known) known.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}
