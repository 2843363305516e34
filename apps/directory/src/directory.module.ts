import { Module } from '@nestjs/common';
import { Keyring } from '@signet/keys';
import { AccountsController } from './accounts/accounts.controller.js';
import { ClientSecrets } from './clients/client-secrets.js';
import { ClientsController } from './clients/clients.controller.js';
import { ConfigurationController } from './configuration/configuration.controller.js';
import { TenantsController } from './tenants/tenants.controller.js';

@Module({
  controllers: [TenantsController, ClientsController, AccountsController, ConfigurationController],
  providers: [
    { provide: ClientSecrets, inject: [Keyring], useFactory: (keyring: Keyring) => new ClientSecrets(keyring) },
  ],
})
export class DirectoryModule {}
