import { Controller } from '@nestjs/common';
import { applyDirectoryConfiguration, exportDirectoryTenant, planDirectoryConfiguration } from '@signet/contracts';
import { Serves } from '@signet/messaging';
import { Database } from '@signet/persistence';
import { EventFactory, FloorRaiser, OutboundFetch, ServiceConfiguration } from '@signet/service';
import type { z } from 'zod';
import { clientRules } from '../clients/faults/client-check.js';
import { ClientSecrets } from '../clients/client-secrets.js';
import { applyConfiguration, type ApplyDependencies } from './apply-configuration.js';
import { exportTenant } from './export-tenant.js';
import { planConfiguration } from './plan-configuration.js';
import type { Plan } from './plan.js';

@Controller()
export class ConfigurationController {
  constructor(
    private readonly database: Database,
    private readonly events: EventFactory,
    private readonly floors: FloorRaiser,
    private readonly secrets: ClientSecrets,
    private readonly outbound: OutboundFetch,
    private readonly configuration: ServiceConfiguration,
  ) {}

  @Serves(applyDirectoryConfiguration)
  apply(plan: Plan) {
    return applyConfiguration(plan, this.#on());
  }

  @Serves(planDirectoryConfiguration)
  plan(asked: Omit<Plan, 'planId'>) {
    return planConfiguration(asked, this.#on());
  }

  @Serves(exportDirectoryTenant)
  export({ slug, from }: z.output<typeof exportDirectoryTenant.request>) {
    return exportTenant(this.database, slug, from);
  }

  #on(): ApplyDependencies {
    const { database, events, floors, secrets, outbound } = this;
    return { database, events, floors, secrets, outbound, rules: clientRules(this.configuration) };
  }
}
