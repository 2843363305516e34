import { resourceServerOperations, roleOperations, scopeOperations } from './catalogue-operations.js';
import { clientOperations } from './client-operations.js';
import { credentialOperations } from './credential-operations.js';
import { eventOperations } from './event-operations.js';
import { grantOperations } from './grant-operations.js';
import { keyOperations } from './key-operations.js';
import { logoutDeliveryOperations } from './logout-delivery-operations.js';
import type { Operation } from './operation.js';
import { accountOperations, groupOperations, organisationOperations } from './people-operations.js';
import { revocationOperations, sessionOperations } from './session-operations.js';
import { tenantOperations } from './tenant-operations.js';
import { webhookOperations } from './webhook-operations.js';

/** Every operation of the Management API, of all services, as its description tells of them. */
export const managementOperations: readonly Operation[] = [
  tenantOperations,
  organisationOperations,
  accountOperations,
  credentialOperations,
  groupOperations,
  roleOperations,
  resourceServerOperations,
  scopeOperations,
  clientOperations,
  sessionOperations,
  revocationOperations,
  grantOperations,
  keyOperations,
  logoutDeliveryOperations,
  webhookOperations,
  eventOperations,
].flatMap((operations: Readonly<Record<string, Operation>>) => Object.values(operations));
