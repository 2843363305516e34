import {
  accountEntity,
  accountIdentifierEntity,
  accountRoleEntity,
  membershipEntity,
  organisationMemberEntity,
} from './account-entities.js';
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
  scopeEntity,
} from './catalogue-entities.js';
import { clientEntity, clientRoleEntity, clientSecretEntity } from './client-entities.js';
import { tenantEntity } from './tenant-entity.js';

export const entities = [
  tenantEntity,
  resourceServerEntity,
  permissionEntity,
  scopeEntity,
  clientEntity,
  clientRoleEntity,
  clientSecretEntity,
  roleEntity,
  rolePermissionEntity,
  organisationEntity,
  organisationRoleEntity,
  organisationMemberEntity,
  groupEntity,
  groupGroupEntity,
  groupRoleEntity,
  accountEntity,
  accountIdentifierEntity,
  membershipEntity,
  accountRoleEntity,
];
