import type { Tenant } from '@signet/contracts';
import type { Client } from '@signet/protocol';
import { RateLimited, type RateLimits } from '@signet/service';

/** One bucket per client, taken from once it has authenticated: nobody else can empty it. */
export class ClientBuckets {
  constructor(private readonly limits: Pick<RateLimits, 'take'>) {}

  /** Throws RateLimited. */
  take(tenant: Pick<Tenant, 'id'>, { clientId }: Pick<Client, 'clientId'>): void {
    const taken = this.limits.take('client', `${tenant.id} ${clientId}`);
    if (!taken.ok) throw new RateLimited(taken.retryAfter);
  }
}
