import type { Database } from '@signet/persistence';
import { DeliveryQueue, type DeliveryQueueOptions } from '@signet/service';
import type { WebhookCall } from './call.js';
import { claimDeliveries, type DueWebhookDelivery } from './store/claim.js';
import type { WebhookPlace } from './store/window.js';

/** Seconds; longer than an attempt and its settling take, so that only what a dead replica has left is taken over. */
const lease = 30;
const perWebhook = 16;

type Options = DeliveryQueueOptions<WebhookPlace, DueWebhookDelivery, WebhookCall>;

/** Works off what webhooks are to be told. */
export class WebhookQueue extends DeliveryQueue<WebhookPlace, DueWebhookDelivery, WebhookCall> {
  readonly #ended: { tell: () => void };

  constructor({
    database,
    settle,
    ...options
  }: Pick<Options, 'logger' | 'call' | 'settle' | 'every'> & { readonly database: Pick<Database, 'execute'> }) {
    const ended: { tell: () => void } = { tell: () => undefined };
    super({
      ...options,
      name: 'webhooks',
      keyOf: ({ tenantId, webhookId }) => `${tenantId} ${webhookId}`,
      claim: (asked) => database.execute(claimDeliveries, { ...asked, perWebhook, lease }),
      settle: async (delivery, call) => {
        await settle(delivery, call);
        ended.tell();
      },
    });
    this.#ended = ended;
  }

  /** Calls back when a delivery has ended: there may be room for another one. */
  onEnded(tell: () => void): void {
    this.#ended.tell = tell;
  }
}
