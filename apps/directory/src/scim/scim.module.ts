import { Module } from '@nestjs/common';
import { Database } from '@signet/persistence';
import { EventFactory, FailureLog, FloorRaiser, ServiceLogger } from '@signet/service';
import { AuthorityModule } from '../authority/authority.module.js';
import { ScimBulk } from './bulk/scim-bulk.js';
import { tellFailure } from './bulk/tell-failure.js';
import { ScimGroups } from './groups/scim-groups.js';
import { ScimBulkController } from './http/bulk.controller.js';
import { ScimDiscoveryController } from './http/discovery.controller.js';
import { ScimGroupsController } from './http/groups.controller.js';
import { ScimMeController } from './http/me.controller.js';
import { ScimUsersController } from './http/users.controller.js';
import { TenantsModule } from '../tenants/tenants.module.js';
import { ScimChanges } from './scim-changes.js';
import { ScimTenants } from './scim-tenants.js';
import { ScimUsers } from './users/scim-users.js';

/** RFC 7643 and RFC 7644: a tenant's accounts and groups, kept by a provisioning client. */
@Module({
  imports: [AuthorityModule, TenantsModule],
  controllers: [
    ScimUsersController,
    ScimGroupsController,
    ScimMeController,
    ScimDiscoveryController,
    ScimBulkController,
  ],
  providers: [
    { provide: ScimTenants, inject: [Database], useFactory: (database: Database) => new ScimTenants(database) },
    {
      provide: ScimUsers,
      inject: [Database, EventFactory, FloorRaiser, FailureLog],
      useFactory: (database: Database, events: EventFactory, floors: FloorRaiser, failures: FailureLog) =>
        new ScimUsers({ database, changes: new ScimChanges({ database, events, floors }, failures) }),
    },
    {
      provide: ScimGroups,
      inject: [Database, EventFactory, FloorRaiser, FailureLog],
      useFactory: (database: Database, events: EventFactory, floors: FloorRaiser, failures: FailureLog) =>
        new ScimGroups({ database, changes: new ScimChanges({ database, events, floors }, failures) }),
    },
    {
      provide: ScimBulk,
      inject: [ScimUsers, ScimGroups, ServiceLogger],
      useFactory: (users: ScimUsers, groups: ScimGroups, logger: ServiceLogger) =>
        new ScimBulk({
          users,
          groups,
          monotonic: () => performance.now(),
          tell: (thrown) => tellFailure(thrown, logger),
        }),
    },
  ],
})
export class ScimModule {}
