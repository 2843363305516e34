import { Module } from '@nestjs/common';
import { Database } from '@signet/persistence';
import { TenantLookup } from '@signet/service';
import { StoredTenants } from './stored-tenants.js';
import { TenantsController } from './tenants.controller.js';

/** Tenants as they are stored, for whoever in the directory looks one up: it asks itself nothing over NATS. */
@Module({
  controllers: [TenantsController],
  providers: [
    { provide: TenantLookup, inject: [Database], useFactory: (database: Database) => new StoredTenants(database) },
  ],
  exports: [TenantLookup],
})
export class TenantsModule {}
