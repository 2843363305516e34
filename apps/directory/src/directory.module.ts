import { Module } from '@nestjs/common';
import { Keyring } from '@signet/keys';
import { Database } from '@signet/persistence';
import { EventFactory, FloorRaiser, OutboundFetch, ServiceConfiguration, ServiceLogger } from '@signet/service';
import { AccountsController } from './accounts/accounts.controller.js';
import { AuthorityModule } from './authority/authority.module.js';
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

@Module({
  imports: [TenantsModule, AuthorityModule, ScimModule],
  controllers: [
    ClientsController,
    AccountsController,
    ConfigurationController,
    RegistrationController,
    InitialTokensController,
    LogoController,
    ...managementControllers,
  ],
  providers: [
    ...managementProviders,
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
