import type { EventContext, Network, Tenant } from '@signet/contracts';
import type { Client } from '@signet/protocol';

/** What a request brings before anything in it is read: at whose endpoint it arrived, and from where. */
export interface Exchange {
  readonly tenant: Tenant;
  readonly network: Network;
}

/** Who acts, for events: a client that has said, and mostly shown, who it is. */
export function contextOf({ network }: Exchange, client: Pick<Client, 'clientId'> | undefined): EventContext {
  return { actor: client === undefined ? 'anonymous' : `client:${client.clientId}`, network };
}
