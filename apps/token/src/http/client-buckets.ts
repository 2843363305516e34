import type { Tenant } from '@signet/contracts';
import type { Client, Grant } from '@signet/protocol';
import { RateLimited, type RateLimits } from '@signet/service';

/** One bucket per client, taken from once it has authenticated: nobody else can empty it. */
export class ClientBuckets {
  constructor(private readonly limits: Pick<RateLimits, 'take'>) {}

  /** Throws RateLimited. */
  take(tenant: Pick<Tenant, 'id'>, { clientId }: Pick<Client, 'clientId'>): void {
    const taken = this.limits.take('client', `${tenant.id} ${clientId}`);
    if (!taken.ok) throw new RateLimited(taken.retryAfter);
  }

  /** The grant, asked only while the client's bucket has something left. */
  limiting(grant: Grant, tenant: Pick<Tenant, 'id'>): Grant {
    return {
      ...grant,
      handle: async (context) => {
        this.take(tenant, context.client);
        return grant.handle(context);
      },
    };
  }
}
