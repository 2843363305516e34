import type { Migration } from '@signet/persistence';
import { directory } from './0001-directory.js';
import { sealedClientSecrets } from './0002-sealed-client-secrets.js';
import { pairwiseSeeds } from './0003-pairwise-seeds.js';
import { dynamicRegistration } from './0004-dynamic-registration.js';
import { clientLogos } from './0005-client-logos.js';
import { unchangedConfiguration } from './0006-unchanged-configuration.js';
import { localizedLogos } from './0007-localized-logos.js';
import { clientRegistrations } from './0008-client-registrations.js';
import { organisationsAndPermissions } from './0009-organisations-and-permissions.js';
import { declaredObjects } from './0010-declared-objects.js';
import { provisioning } from './0011-provisioning.js';
import { management } from './0012-management.js';
import { accountLifecycle } from './0013-account-lifecycle.js';
import { floorsSeen } from './0014-floors-seen.js';
import { statusLists } from './0015-status-lists.js';
import { webhookPermissions } from './0016-webhook-permissions.js';

export const migrations: readonly Migration[] = [
  directory,
  sealedClientSecrets,
  pairwiseSeeds,
  dynamicRegistration,
  clientLogos,
  unchangedConfiguration,
  localizedLogos,
  clientRegistrations,
  organisationsAndPermissions,
  declaredObjects,
  provisioning,
  management,
  accountLifecycle,
  floorsSeen,
  statusLists,
  webhookPermissions,
];
