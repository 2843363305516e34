import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ensureTenantConsumer } from '@signet/messaging';
import {
  NatsLink,
  ServiceConfiguration,
  ServiceLogger,
  TenantLookup,
  type NatsConnection,
  type Stoppable,
} from '@signet/service';

/** Milliseconds: how soon a consumer is there again after the stream was lost. */
const every = 5_000;

/** Keeps the JetStream consumers of SIGNET_AUDIT_CONSUMERS: their users may read them, and may not make them. */
@Injectable()
export class TenantConsumers implements OnApplicationBootstrap {
  private readonly broken = new Set<string>();

  constructor(
    private readonly link: NatsLink,
    private readonly tenants: TenantLookup,
    private readonly configuration: ServiceConfiguration,
    private readonly logger: ServiceLogger,
  ) {}

  onApplicationBootstrap(): void {
    if (this.configuration.auditConsumers.length > 0) this.link.use((connection) => this.keep(connection));
  }

  private keep(connection: NatsConnection): Stoppable {
    let round: Promise<void> | undefined;
    const begin = () => {
      round ??= this.ensure(connection).finally(() => {
        round = undefined;
      });
    };
    begin();
    const timer = setInterval(begin, every);
    return {
      stop: async () => {
        clearInterval(timer);
        await round;
      },
    };
  }

  private async ensure(connection: NatsConnection): Promise<void> {
    for (const { name, tenant: slug } of this.configuration.auditConsumers) {
      try {
        const tenant = await this.tenants.tenantBySlug(slug);
        if (!tenant) throw new Error(`there is no tenant ${slug}`);
        await ensureTenantConsumer(connection, name, tenant.id);
        this.broken.delete(name);
      } catch (error) {
        // Told when it begins, not every five seconds.
        if (!this.broken.has(name)) this.logger.warn('tenant_consumers.unmade', { consumer: name, error });
        this.broken.add(name);
      }
    }
  }
}
