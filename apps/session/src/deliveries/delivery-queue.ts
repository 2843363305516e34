import type { Database } from '@signet/persistence';
import { DeliveryQueue as Deliveries, type DeliveryQueueOptions } from '@signet/service';
import type { Call } from './logout-call.js';
import { claimDeliveries, type ClientPlace, type DueDelivery } from './store/claim-deliveries.js';

/** Seconds; longer than an attempt takes, so that only what a dead replica has left is taken over. */
const lease = 30;
const perClient = 4;

type Options = DeliveryQueueOptions<ClientPlace, DueDelivery, Call>;

/** Works off what clients are to be told. */
export class DeliveryQueue extends Deliveries<ClientPlace, DueDelivery, Call> {
  constructor({
    database,
    ...options
  }: Pick<Options, 'logger' | 'call' | 'settle' | 'every'> & { readonly database: Pick<Database, 'execute'> }) {
    super({
      ...options,
      name: 'logout_deliveries',
      keyOf: ({ tenantId, clientId }) => `${tenantId} ${clientId}`,
      claim: (asked) => database.execute(claimDeliveries, { ...asked, perClient, lease }),
    });
  }
}
