import { certificateFiles } from './checks/certificate-files.js';
import { certificateShown } from './checks/certificate-shown.js';
import { configuration } from './checks/configuration.js';
import { databaseClock } from './checks/database-clock.js';
import { databaseConnections } from './checks/database-connections.js';
import { databaseMigrations } from './checks/database-migrations.js';
import { databaseOrigin } from './checks/database-origin.js';
import { databasePrivileges } from './checks/database-privileges.js';
import { databaseReached } from './checks/database-reached.js';
import { databaseServer } from './checks/database-server.js';
import { databaseTls } from './checks/database-tls.js';
import { databaseInstallation, natsInstallation } from './checks/installation.js';
import { issuerClock } from './checks/issuer-clock.js';
import { issuerDiscovery } from './checks/issuer-discovery.js';
import { issuerHttps } from './checks/issuer-https.js';
import { keyringFile } from './checks/keyring-file.js';
import { keyringValues } from './checks/keyring-values.js';
import { natsPermissions } from './checks/nats-permissions.js';
import { natsReached } from './checks/nats-reached.js';
import { natsStorage } from './checks/nats-storage.js';
import { natsStream } from './checks/nats-stream.js';
import { natsTls } from './checks/nats-tls.js';
import { outbox } from './checks/outbox.js';
import { proxyManagement } from './checks/proxy-management.js';
import { proxyTrust } from './checks/proxy-trust.js';
import type { Check } from './verdict.js';

/** In the order in which they are told of. */
export const checks: readonly Check[] = [
  configuration,
  keyringFile,
  keyringValues,
  databaseReached,
  databaseServer,
  databaseClock,
  databaseTls,
  databaseConnections,
  databasePrivileges,
  databaseMigrations,
  databaseOrigin,
  databaseInstallation,
  outbox,
  natsReached,
  natsStream,
  natsStorage,
  natsInstallation,
  natsPermissions,
  natsTls,
  certificateFiles,
  certificateShown,
  issuerDiscovery,
  issuerHttps,
  issuerClock,
  proxyManagement,
  proxyTrust,
];
