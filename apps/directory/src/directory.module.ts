import { Module } from '@nestjs/common';
import { AccountsController } from './accounts/accounts.controller.js';
import { ClientsController } from './clients/clients.controller.js';
import { ConfigurationController } from './configuration/configuration.controller.js';
import { TenantsController } from './tenants/tenants.controller.js';

@Module({ controllers: [TenantsController, ClientsController, AccountsController, ConfigurationController] })
export class DirectoryModule {}
