import { isPublicClient, type Client } from '@signet/protocol';
import { networkKey, RateLimited, type RateLimits } from '@signet/service';
import type { Exchange } from './exchange.js';

/**
 * One bucket per client, taken from once it has authenticated, so that nobody else can empty it. A public client authenticates by its name, which anybody
 * knows: it has one in each network.
 */
export class ClientBuckets {
  constructor(private readonly limits: Pick<RateLimits, 'take'>) {}

  /** Throws RateLimited. */
  take({ tenant, network }: Exchange, client: Pick<Client, 'clientId' | 'tokenEndpointAuthMethod'>): void {
    const { clientId } = client;
    const whose = isPublicClient(client) ? `${networkKey(network.ip)} ${clientId}` : clientId;
    const taken = this.limits.take('client', `${tenant.id} ${whose}`);
    if (!taken.ok) throw new RateLimited(taken.retryAfter);
  }
}
