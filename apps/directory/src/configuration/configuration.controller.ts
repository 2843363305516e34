import { Controller } from '@nestjs/common';
import { applyDirectoryConfiguration } from '@signet/contracts';
import { Serves } from '@signet/messaging';
import { Database } from '@signet/persistence';
import { EventFactory, FloorRaiser, OutboundFetch, ServiceConfiguration } from '@signet/service';
import { clientRules } from '../clients/faults/client-check.js';
import { ClientSecrets } from '../clients/client-secrets.js';
import { applyConfiguration } from './apply-configuration.js';
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
  async apply(plan: Plan) {
    const { database, events, floors, secrets, outbound } = this;
    const rules = clientRules(this.configuration);
    return applyConfiguration(plan, { database, events, floors, secrets, outbound, rules });
  }
}
