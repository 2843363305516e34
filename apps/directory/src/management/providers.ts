import type { Provider } from '@nestjs/common';
import { Database } from '@signet/persistence';
import {
  EventFactory,
  FloorRaiser,
  idempotencySweep,
  OutboundFetch,
  ServiceConfiguration,
  ServiceLogger,
} from '@signet/service';
import { DirectoryChanges } from '../changes/directory-changes.js';
import { ClientSecrets } from '../clients/client-secrets.js';
import { clientRules } from '../clients/faults/client-check.js';
import { AccountChanges } from './account-changes.js';
import { AccountOperations } from './account-operations.controller.js';
import { ClientChanges } from './client-changes.js';
import { ClientOperations } from './client-operations.controller.js';
import { DescriptionController } from './description.controller.js';
import { DirectoryWrites } from './directory-writes.js';
import { GroupOperations } from './group-operations.controller.js';
import { ObjectReads } from './object-reads.js';
import { OrganisationOperations } from './organisation-operations.controller.js';
import { ResourceServerOperations } from './resource-server-operations.controller.js';
import { RoleOperations } from './role-operations.controller.js';
import { ScopeOperations } from './scope-operations.controller.js';
import { TenantCreation } from './tenant-creation.js';
import { TenantOperations } from './tenant-operations.controller.js';

export const managementControllers = [
  TenantOperations,
  OrganisationOperations,
  AccountOperations,
  GroupOperations,
  RoleOperations,
  ResourceServerOperations,
  ScopeOperations,
  ClientOperations,
  DescriptionController,
];

export const managementProviders: Provider[] = [
  {
    provide: DirectoryChanges,
    inject: [Database, EventFactory, FloorRaiser],
    useFactory: (database: Database, events: EventFactory, floors: FloorRaiser) =>
      new DirectoryChanges({ database, events, floors }),
  },
  { provide: ObjectReads, inject: [Database], useFactory: (database: Database) => new ObjectReads(database) },
  {
    provide: DirectoryWrites,
    inject: [DirectoryChanges, ClientSecrets, ServiceConfiguration],
    useFactory: (changes: DirectoryChanges, secrets: ClientSecrets, configuration: ServiceConfiguration) =>
      new DirectoryWrites({ changes, secrets, rules: clientRules(configuration) }),
  },
  {
    provide: AccountChanges,
    inject: [DirectoryWrites],
    useFactory: (writes: DirectoryWrites) => new AccountChanges(writes),
  },
  {
    provide: ClientChanges,
    inject: [Database, ClientSecrets, OutboundFetch],
    useFactory: (database: Database, secrets: ClientSecrets, outbound: OutboundFetch) =>
      new ClientChanges({ database, secrets, outbound }),
  },
  {
    provide: TenantCreation,
    inject: [ClientSecrets, ServiceConfiguration],
    useFactory: (secrets: ClientSecrets, configuration: ServiceConfiguration) =>
      new TenantCreation({ secrets, rules: clientRules(configuration) }),
  },
  { provide: 'sweep of idempotency keys', inject: [Database, ServiceLogger], useFactory: idempotencySweep },
];
