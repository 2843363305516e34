import type { ResourceServer, TenantId } from '@signet/contracts';
import type { EntitySchemaColumnOptions } from 'typeorm';
import { entity } from './entity.js';

/** What every object of a tenant has that is known by a name. */
export interface NamedRow {
  tenantId: TenantId;
  id: string;
  version: number;
}

export interface ResourceServerRow extends NamedRow {
  identifier: string;
  name: string;
  accessTokenSigningAlg: ResourceServer['accessTokenSigningAlg'];
}

export interface ScopeRow extends NamedRow {
  name: string;
  description: string;
  resourceServer: string | null;
}

export interface RoleRow extends NamedRow {
  name: string;
  description: string;
}

export interface GroupRow extends NamedRow {
  name: string;
  displayName: string;
}

export interface GroupRoleRow {
  tenantId: TenantId;
  groupId: string;
  roleId: string;
}

const key = {
  tenantId: { type: 'uuid', primary: true, name: 'tenant_id' },
  id: { type: 'uuid', primary: true },
  version: { type: 'integer' },
} satisfies Record<string, EntitySchemaColumnOptions>;

export const resourceServerEntity = entity<ResourceServerRow>('resource_server', {
  ...key,
  identifier: { type: 'text' },
  name: { type: 'text' },
  accessTokenSigningAlg: { type: 'text', name: 'access_token_signing_alg' },
});

export const scopeEntity = entity<ScopeRow>('scope', {
  ...key,
  name: { type: 'text' },
  description: { type: 'text' },
  resourceServer: { type: 'text', nullable: true, name: 'resource_server' },
});

export const roleEntity = entity<RoleRow>('role', { ...key, name: { type: 'text' }, description: { type: 'text' } });

export const groupEntity = entity<GroupRow>('group', {
  ...key,
  name: { type: 'text' },
  displayName: { type: 'text', name: 'display_name' },
});

export const groupRoleEntity = entity<GroupRoleRow>('group_role', {
  tenantId: { type: 'uuid', primary: true, name: 'tenant_id' },
  groupId: { type: 'uuid', primary: true, name: 'group_id' },
  roleId: { type: 'uuid', primary: true, name: 'role_id' },
});
