import { Module } from '@nestjs/common';
import { Keyring } from '@signet/keys';
import { Requester } from '@signet/messaging';
import { Database } from '@signet/persistence';
import {
  EventFactory,
  FloorRaiser,
  OutboundFetch,
  periodically,
  ServiceConfiguration,
  ServiceLogger,
} from '@signet/service';
import { AccountsController } from './accounts/accounts.controller.js';
import { AuthorityModule } from './authority/authority.module.js';
import { eraseDue } from './accounts/lifecycle/account-sweep.js';
import { Forgetting } from './accounts/lifecycle/forgetting.js';
import { LifecycleController } from './accounts/lifecycle/lifecycle.controller.js';
import { AdministratorsController } from './administrators/administrators.controller.js';
import { DirectoryChanges } from './changes/directory-changes.js';
import { ClientSecrets } from './clients/client-secrets.js';
import { ClientsController } from './clients/clients.controller.js';
import { clientRules } from './clients/faults/client-check.js';
import { ConfigurationController } from './configuration/configuration.controller.js';
import { LogoController } from './logos/logo.controller.js';
import { Logos } from './logos/logos.js';
import { InitialTokensController } from './registration/initial-tokens.controller.js';
import { managementControllers, managementProviders } from './management/providers.js';
import { Registrar } from './registration/registrar.js';
import { RegistrationController } from './registration/registration.controller.js';
import { ScimModule } from './scim/scim.module.js';
import { TenantsModule } from './tenants/tenants.module.js';

/** Seconds. */
const every = { erasure: 60, forgetting: 2 } as const;

@Module({
  imports: [TenantsModule, AuthorityModule, ScimModule],
  controllers: [
    ClientsController,
    AccountsController,
    AdministratorsController,
    LifecycleController,
    ConfigurationController,
    RegistrationController,
    InitialTokensController,
    LogoController,
    ...managementControllers,
  ],
  providers: [
    ...managementProviders,
    {
      provide: 'erasure of deleted accounts',
      inject: [Database, DirectoryChanges, ServiceLogger],
      useFactory: (database: Database, changes: DirectoryChanges, logger: ServiceLogger) =>
        periodically('accounts.unerased', every.erasure, logger, () => eraseDue(database, changes)),
    },
    {
      provide: 'forgetting of erased accounts',
      inject: [Database, Requester, ServiceLogger],
      useFactory: (database: Database, requester: Requester, logger: ServiceLogger) => {
        const forgetting = new Forgetting({ database, requester, logger });
        return periodically('accounts.unforgotten', every.forgetting, logger, () => forgetting.round());
      },
    },
    {
      provide: Logos,
      inject: [Database, EventFactory, OutboundFetch, ServiceLogger],
      useFactory: (database: Database, events: EventFactory, outbound: OutboundFetch, logger: ServiceLogger) =>
        new Logos({ database, events, outbound, logger }),
    },
    {
      provide: Registrar,
      inject: [Database, EventFactory, FloorRaiser, ClientSecrets, OutboundFetch, ServiceConfiguration],
      useFactory: (
        database: Database,
        events: EventFactory,
        floors: FloorRaiser,
        secrets: ClientSecrets,
        outbound: OutboundFetch,
        configuration: ServiceConfiguration,
      ) => new Registrar({ database, events, floors, secrets, outbound, rules: clientRules(configuration) }),
    },
    { provide: ClientSecrets, inject: [Keyring], useFactory: (keyring: Keyring) => new ClientSecrets(keyring) },
  ],
})
export class DirectoryModule {}
