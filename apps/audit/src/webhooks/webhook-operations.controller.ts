import {
  rfc3339,
  showId,
  webhookOperations,
  type CreatedWebhook,
  type Micros,
  type ShownWebhook,
  type ShownWebhookDelivery,
  type TenantId,
} from '@signet/contracts';
import { Keyring } from '@signet/keys';
import { Database } from '@signet/persistence';
import { nothingThere, Operates, Operations, type Answer, type Input } from '@signet/service';
import { openSecrets } from './secrets.js';
import { findDelivery, listDeliveries, type StoredWebhookDelivery } from './store/deliveries.js';
import { findWebhook, listWebhooks, type StoredWebhook } from './store/webhooks.js';
import { WebhookChanges } from './webhook-changes.js';

const of = webhookOperations;

/** `/admin/v1/webhooks` */
@Operations()
export class WebhookOperations {
  constructor(
    private readonly database: Database,
    private readonly changes: WebhookChanges,
    private readonly keyring: Keyring,
  ) {}

  @Operates(of.list)
  async list({ caller, page }: Input<typeof of.list>): Promise<Answer<{ items: ShownWebhook[] }>> {
    const rows = await this.database.execute(listWebhooks, { tenantId: caller.tenant.id, ...page.range });
    const shown = (row: StoredWebhook) => this.#shown(caller.tenant.id, row);
    return { body: page.of(rows, shown, ({ id }) => [id]) };
  }

  @Operates(of.create)
  async create({ caller, body, once }: Input<typeof of.create>): Promise<Answer<CreatedWebhook>> {
    return this.changes.create(caller, once, body, ({ webhook, secret }) => ({
      ...{
        body: { ...this.#shown(caller.tenant.id, webhook), secret },
        version: webhook.version,
        location: showId('whk', webhook.id),
      },
    }));
  }

  @Operates(of.read)
  async read({ caller, parameters }: Input<typeof of.read>): Promise<Answer<ShownWebhook>> {
    const found = await this.database.first(findWebhook, { tenantId: caller.tenant.id, id: parameters.webhook_id });
    if (!found) throw nothingThere();
    return this.#answered(caller.tenant.id, found);
  }

  @Operates(of.update)
  async update({ caller, parameters, precondition, patched }: Input<typeof of.update>): Promise<Answer<ShownWebhook>> {
    const updated = await this.changes.update(caller, parameters.webhook_id, precondition, patched);
    return this.#answered(caller.tenant.id, updated);
  }

  @Operates(of.remove)
  async remove({ caller, parameters, precondition }: Input<typeof of.remove>): Promise<Answer<undefined>> {
    await this.changes.remove(caller, parameters.webhook_id, precondition);
    return { body: undefined };
  }

  @Operates(of.rotateSecret)
  async rotateSecret(input: Input<typeof of.rotateSecret>): Promise<Answer<{ id: string; secret: string }>> {
    const { caller, parameters, body, precondition, once } = input;
    const id = parameters.webhook_id;
    return this.changes.rotate(
      caller,
      id,
      { ...{ precondition, once }, endOthers: body.end_others },
      (secret, version) => ({
        ...{ body: { id: showId('whk', id), secret }, version },
      }),
    );
  }

  @Operates(of.replay)
  async replay(input: Input<typeof of.replay>): Promise<Answer<ShownWebhook>> {
    const { caller, parameters, body, precondition, once } = input;
    const replay = { precondition, once, from: body.from };
    return this.changes.replay(caller, parameters.webhook_id, replay, (webhook) =>
      this.#answered(caller.tenant.id, webhook),
    );
  }

  @Operates(of.listDeliveries)
  async listDeliveries(input: Input<typeof of.listDeliveries>): Promise<Answer<{ items: ShownWebhookDelivery[] }>> {
    const { caller, parameters, query, page } = input;
    const webhook = { tenantId: caller.tenant.id, webhookId: parameters.webhook_id };
    if (!(await this.database.first(findWebhook, { ...webhook, id: webhook.webhookId }))) throw nothingThere();
    const rows = await this.database.execute(listDeliveries(webhook, query.outcome, page.range), undefined);
    return { body: page.of(rows, shownDelivery, ({ index }) => [index]) };
  }

  @Operates(of.readDelivery)
  async readDelivery({ caller, parameters }: Input<typeof of.readDelivery>): Promise<Answer<ShownWebhookDelivery>> {
    const { webhook_id: webhookId, position: index } = parameters;
    const found = await this.database.first(findDelivery, { tenantId: caller.tenant.id, webhookId, index });
    if (!found) throw nothingThere();
    return { body: shownDelivery(found) };
  }

  @Operates(of.retryDelivery)
  async retryDelivery({ caller, parameters }: Input<typeof of.retryDelivery>): Promise<Answer<ShownWebhookDelivery>> {
    const { webhook_id: webhookId, position: index } = parameters;
    return { body: shownDelivery(await this.changes.retry(caller, webhookId, index)) };
  }

  #answered(tenantId: TenantId, webhook: StoredWebhook): Answer<ShownWebhook> {
    return { body: this.#shown(tenantId, webhook), version: webhook.version };
  }

  #shown(tenantId: TenantId, webhook: StoredWebhook): ShownWebhook {
    return {
      id: showId('whk', webhook.id),
      url: webhook.url,
      description: webhook.description,
      types: webhook.types,
      enabled: webhook.enabled,
      disabled_reason: webhook.disabledReason,
      position: webhook.next,
      waiting: webhook.waiting,
      failing_since: moment(webhook.failingSince),
      secrets: webhook.secrets,
      secret_readable: openSecrets(this.keyring, { tenantId, id: webhook.id }, webhook) !== undefined,
      version: webhook.version,
      created_at: rfc3339(webhook.createdAt),
      updated_at: rfc3339(webhook.updatedAt),
    };
  }
}

const moment = (at: Micros | null): string | null => (at === null ? null : rfc3339(at));
const shownDelivery = (row: StoredWebhookDelivery): ShownWebhookDelivery => ({
  position: row.index,
  event_id: row.eventId,
  type: row.type,
  aggregate: row.aggregate,
  outcome: row.outcome ?? 'waiting',
  attempts: row.attempts,
  last_answer: row.lastAnswer,
  last_attempt_at: moment(row.lastAttemptAt),
  next_attempt_at: row.outcome === null ? rfc3339(row.nextAttemptAt) : null,
  finished_at: moment(row.finishedAt),
});
