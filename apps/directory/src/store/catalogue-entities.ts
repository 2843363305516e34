import type { OrganisationId, ResourceServer, TenantId } from '@signet/contracts';
import type { EntitySchemaColumnOptions } from 'typeorm';
import { entity } from './entity.js';

/** What every object of a tenant has that is known by a name. */
export interface NamedRow {
  tenantId: TenantId;
  id: string;
  version: number;
}

/** What Signet itself has in every tenant, and nobody changes. */
interface BuiltInRow extends NamedRow {
  builtIn: boolean;
}

export interface ResourceServerRow extends BuiltInRow {
  identifier: string;
  name: string;
  accessTokenSigningAlg: ResourceServer['accessTokenSigningAlg'];
  statusList: boolean;
}

export interface ScopeRow extends BuiltInRow {
  name: string;
  description: string;
  resourceServer: string | null;
}

export interface RoleRow extends BuiltInRow {
  name: string;
  description: string;
}

export interface PermissionRow {
  tenantId: TenantId;
  resourceServerId: string;
  name: string;
  description: string;
}

export interface RolePermissionRow {
  tenantId: TenantId;
  roleId: string;
  resourceServerId: string;
  name: string;
}

export interface OrganisationRow extends NamedRow {
  name: string;
  displayName: string;
  enabled: boolean;
}

export interface OrganisationRoleRow {
  tenantId: TenantId;
  organisationId: string;
  roleId: string;
}

export interface GroupRow extends NamedRow {
  /** Null: it is of the tenant as a whole. */
  organisationId: OrganisationId | null;
  name: string;
  displayName: string;
}

export interface GroupRoleRow {
  tenantId: TenantId;
  groupId: string;
  roleId: string;
}

/** The members of the child are members of the parent. */
export interface GroupGroupRow {
  tenantId: TenantId;
  parentId: string;
  childId: string;
}

const key = {
  tenantId: { type: 'uuid', primary: true, name: 'tenant_id' },
  id: { type: 'uuid', primary: true },
  version: { type: 'integer' },
} satisfies Record<string, EntitySchemaColumnOptions>;

const builtIn = { builtIn: { type: 'boolean', name: 'built_in' } } satisfies Record<string, EntitySchemaColumnOptions>;

export const resourceServerEntity = entity<ResourceServerRow>('resource_server', {
  ...key,
  ...builtIn,
  identifier: { type: 'text' },
  name: { type: 'text' },
  accessTokenSigningAlg: { type: 'text', name: 'access_token_signing_alg' },
  statusList: { type: 'boolean', name: 'status_list' },
});

export const scopeEntity = entity<ScopeRow>('scope', {
  ...key,
  ...builtIn,
  name: { type: 'text' },
  description: { type: 'text' },
  resourceServer: { type: 'text', nullable: true, name: 'resource_server' },
});

export const roleEntity = entity<RoleRow>('role', {
  ...key,
  ...builtIn,
  name: { type: 'text' },
  description: { type: 'text' },
});

export const permissionEntity = entity<PermissionRow>('permission', {
  tenantId: { type: 'uuid', primary: true, name: 'tenant_id' },
  resourceServerId: { type: 'uuid', primary: true, name: 'resource_server_id' },
  name: { type: 'text', primary: true },
  description: { type: 'text' },
});

export const rolePermissionEntity = entity<RolePermissionRow>('role_permission', {
  tenantId: { type: 'uuid', primary: true, name: 'tenant_id' },
  roleId: { type: 'uuid', primary: true, name: 'role_id' },
  resourceServerId: { type: 'uuid', primary: true, name: 'resource_server_id' },
  name: { type: 'text', primary: true },
});

export const organisationEntity = entity<OrganisationRow>('organisation', {
  ...key,
  name: { type: 'text' },
  displayName: { type: 'text', name: 'display_name' },
  enabled: { type: 'boolean' },
});

export const organisationRoleEntity = entity<OrganisationRoleRow>('organisation_role', {
  tenantId: { type: 'uuid', primary: true, name: 'tenant_id' },
  organisationId: { type: 'uuid', primary: true, name: 'organisation_id' },
  roleId: { type: 'uuid', primary: true, name: 'role_id' },
});

export const groupEntity = entity<GroupRow>('group', {
  ...key,
  organisationId: { type: 'uuid', nullable: true, name: 'organisation_id' },
  name: { type: 'text' },
  displayName: { type: 'text', name: 'display_name' },
});

export const groupRoleEntity = entity<GroupRoleRow>('group_role', {
  tenantId: { type: 'uuid', primary: true, name: 'tenant_id' },
  groupId: { type: 'uuid', primary: true, name: 'group_id' },
  roleId: { type: 'uuid', primary: true, name: 'role_id' },
});

export const groupGroupEntity = entity<GroupGroupRow>('group_group', {
  tenantId: { type: 'uuid', primary: true, name: 'tenant_id' },
  parentId: { type: 'uuid', primary: true, name: 'parent_id' },
  childId: { type: 'uuid', primary: true, name: 'child_id' },
});
