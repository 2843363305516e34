import { showId, webhookDeliveryDeadLettered, webhookDisabled, type RecordedEvent } from '@signet/contracts';
import type { Database } from '@signet/persistence';
import { BoundedMap, type EventFactory, type ServiceLogger } from '@signet/service';
import type { WebhookCall } from './call.js';
import { waitAfter } from './schedule.js';
import type { DueWebhookDelivery } from './store/claim.js';
import { disableWebhook, dropDelivery, markDelivered, markFailed } from './store/settle.js';

export type Settled = 'delivered' | 'failed' | 'dead_lettered' | 'dropped' | 'waiting' | 'disabled';

const context = { actor: 'service:audit' } as const;

/** Milliseconds: as long as a lease, after which what waits comes again. */
const round = 30_000;
const mostRemembered = 10_000;

/** Writes down what came of an attempt; dead letters, and webhooks that are given up, with their event in the same transaction. */
export class WebhookSettlement {
  /** When it was told last that a webhook's secret does not open, monotonic. */
  readonly #sealed = new BoundedMap<string, number>(mostRemembered);

  constructor(
    private readonly database: Pick<Database, 'execute' | 'first'>,
    private readonly events: EventFactory,
    private readonly logger: Pick<ServiceLogger, 'error' | 'warn'>,
    private readonly random: () => number,
    private readonly onSettled: (outcome: Settled) => void,
  ) {}

  async settle(delivery: DueWebhookDelivery, call: WebhookCall): Promise<void> {
    switch (call.kind) {
      case 'waiting':
        // Its lease brings it again.
        this.#tellSealed(delivery);
        this.onSettled('waiting');
        return;
      case 'dropped':
        await this.database.execute(dropDelivery, delivery);
        this.onSettled('dropped');
        return;
      case 'delivered': {
        const written = await this.database.first(markDelivered, { ...delivery, answer: call.answer });
        // Otherwise another replica has taken the row over.
        if (written) this.onSettled('delivered');
        return;
      }
      case 'failed':
      case 'gone':
        await this.#failed(delivery, call);
    }
  }

  /** Once a round, however many of its deliveries wait. */
  #tellSealed({ tenantId, webhookId }: DueWebhookDelivery): void {
    const key = `${tenantId} ${webhookId}`;
    const now = performance.now();
    if (now - (this.#sealed.get(key) ?? -Infinity) < round) return;
    this.#sealed.set(key, now);
    this.logger.warn('webhook.secret_sealed', { tenant: tenantId, webhook: webhookId });
  }

  async #failed(delivery: DueWebhookDelivery, call: Extract<WebhookCall, { kind: 'failed' | 'gone' }>): Promise<void> {
    const { answer, kind, retryAfter } = call;
    const wait = waitAfter(delivery.attempts + 1, retryAfter, this.random);
    const written = await this.database.first(markFailed, {
      ...{ ...delivery, answer, wait },
      deadLettered: this.#deadLettered(delivery, answer),
    });
    if (!written) return;
    this.onSettled(wait === null ? 'dead_lettered' : 'failed');
    if (wait === null) {
      const { tenantId, webhookId, index, id } = delivery;
      this.logger.error('webhook.dead_letter', {
        tenant: tenantId,
        webhook: webhookId,
        position: index,
        event: id,
        answer,
      });
    }
    await this.#disable(delivery, kind === 'gone' ? 'gone' : 'failing', answer);
  }

  /** Standard Webhooks: 410 is the receiver's word for it; what fails for days is disabled as well. */
  async #disable(
    { tenantId, webhookId }: DueWebhookDelivery,
    reason: 'gone' | 'failing',
    answer: string,
  ): Promise<void> {
    const disabled = this.events.make(webhookDisabled, {
      ...{ tenantId, aggregate: webhookId, context, reason, data: { answer } },
    });
    const written = await this.database.first(disableWebhook, { tenantId, webhookId, reason, disabled });
    if (!written) return;
    this.logger.error('webhook.disabled', { tenant: tenantId, webhook: webhookId, reason, answer });
    this.onSettled('disabled');
  }

  #deadLettered({ tenantId, webhookId, index, id, type }: DueWebhookDelivery, answer: string): RecordedEvent {
    return this.events.make(webhookDeliveryDeadLettered, {
      ...{ tenantId, context },
      data: { webhook: showId('whk', webhookId), event: id, type, position: index, attempts: 0, answer },
    });
  }
}
