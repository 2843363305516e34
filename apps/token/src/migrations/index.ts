import { idempotencyKeys, type Migration } from '@signet/persistence';
import { authorityVersions } from './authority-versions.js';
import { clientAssertions } from './client-assertions.js';
import { compromisedKeys } from './compromised-keys.js';
import { device } from './device.js';
import { dpop } from './dpop.js';
import { familiesOfAccounts } from './families-of-accounts.js';
import { floors } from './floors.js';
import { grantUse } from './grant-use.js';
import { grants } from './grants.js';
import { keyRotation } from './key-rotation.js';
import { keys } from './keys.js';
import { pushedRequests } from './pushed-requests.js';
import { requestedClaims } from './requested-claims.js';
import { statusLists } from './status-lists.js';
import { tenantVersions } from './tenant-versions.js';
import { undatedRaises } from './undated-raises.js';

/** In their order; released ones never change. */
export const migrations: readonly Migration[] = [
  keys,
  floors,
  grants,
  keyRotation,
  tenantVersions,
  dpop,
  requestedClaims,
  clientAssertions,
  pushedRequests,
  device,
  familiesOfAccounts,
  authorityVersions,
  idempotencyKeys,
  grantUse,
  statusLists,
  undatedRaises,
  compromisedKeys,
];
