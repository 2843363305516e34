import { accountEntity, accountIdentifierEntity, accountRoleEntity, membershipEntity } from './account-entities.js';
import { groupEntity, groupRoleEntity, resourceServerEntity, roleEntity, scopeEntity } from './catalogue-entities.js';
import { clientEntity, clientSecretEntity } from './client-entities.js';
import { tenantEntity } from './tenant-entity.js';

export const entities = [
  tenantEntity,
  resourceServerEntity,
  scopeEntity,
  clientEntity,
  clientSecretEntity,
  roleEntity,
  groupEntity,
  groupRoleEntity,
  accountEntity,
  accountIdentifierEntity,
  membershipEntity,
  accountRoleEntity,
];
