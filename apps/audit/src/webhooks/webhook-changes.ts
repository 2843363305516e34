import {
  newId,
  showId,
  webhookCreated,
  webhookDeleted,
  webhookDeliveryRetried,
  webhookId,
  webhookReplayed,
  webhookSecretRotated,
  webhookUpdated,
  type TenantId,
  type WebhookId,
  type WebhookObject,
} from '@signet/contracts';
import type { Keyring } from '@signet/keys';
import type { Database, Transaction } from '@signet/persistence';
import {
  fetchableUrl,
  ManagementProblem,
  nothingThere,
  reachOf,
  type Answer,
  type Caller,
  type EventFactory,
  type Once,
  type Precondition,
} from '@signet/service';
import { startOfReplay, type ReplayFrom } from './replay.js';
import { newSecret } from './secrets.js';
import { retryDelivery, type StoredWebhookDelivery } from './store/deliveries.js';
import {
  countWebhooks,
  deleteWebhook,
  findWebhook,
  insertWebhook,
  lockWebhook,
  moveBack,
  rotateSecret,
  updateWebhook,
  type StoredWebhook,
} from './store/webhooks.js';

const mostPerTenant = 100;
/** Seconds for which the secret before signs as well. */
const overlap = 86_400;

interface Guarded {
  readonly precondition: Precondition;
  readonly once: Once;
}

export interface WebhookChangesParts {
  readonly database: Pick<Database, 'run' | 'first'>;
  readonly events: EventFactory;
  readonly keyring: Keyring;
  /** Origins that are exempt from the rules of outbound fetches. */
  readonly allow: readonly string[];
  /** Something may be due. */
  readonly onChanged: () => void;
}

/** Changes of webhooks, each with its event in the same transaction; secrets are told to whoever makes them and to nobody else. */
export class WebhookChanges {
  constructor(private readonly on: WebhookChangesParts) {}

  async create<R>(
    caller: Caller,
    once: Once,
    wanted: WebhookObject,
    answer: (made: { webhook: StoredWebhook; secret: string }) => Answer<R>,
  ): Promise<Answer<R>> {
    ensureMayRead(caller);
    this.#ensureFetchable(wanted.url);
    const of = { tenantId: caller.tenant.id, id: newId(webhookId) };
    return this.on.database.run((tx) =>
      once.in(tx, async () => {
        if (((await tx.first(countWebhooks, of))?.count ?? 0) >= mostPerTenant)
          throw new ManagementProblem('limit-reached', `A tenant has at most ${mostPerTenant} webhooks`);
        const { shown: secret, sealed } = newSecret(this.on.keyring, of);
        await tx.execute(insertWebhook, { ...of, ...wanted, secret: sealed });
        const { changed, after } = difference(undefined, wanted);
        const created = { tenantId: of.tenantId, aggregate: of.id, context: caller.context };
        await tx.record(this.on.events.make(webhookCreated, { ...created, data: { changed, after } }), 1);
        return answer({ webhook: await found(tx, of), secret });
      }),
    );
  }

  async update(
    caller: Caller,
    id: WebhookId,
    precondition: Precondition,
    patched: (current: WebhookObject) => WebhookObject,
  ): Promise<StoredWebhook> {
    ensureMayRead(caller);
    const of = { tenantId: caller.tenant.id, id };
    const changed = await this.on.database.run(async (tx) => {
      const before = await locked(tx, of, precondition);
      const known = membersOf(before);
      const wanted = patched(known);
      const data = difference(known, wanted);
      if (data.changed.length === 0) return before;
      if (data.changed.includes('url')) this.#ensureFetchable(wanted.url);
      await tx.execute(updateWebhook, { ...of, ...wanted });
      const event = { tenantId: of.tenantId, aggregate: id, context: caller.context };
      await tx.record(this.on.events.make(webhookUpdated, { ...event, data }), before.version + 1);
      return found(tx, of);
    });
    this.on.onChanged();
    return changed;
  }

  async remove(caller: Caller, id: WebhookId, precondition: Precondition): Promise<void> {
    const of = { tenantId: caller.tenant.id, id };
    await this.on.database.run(async (tx) => {
      const before = await locked(tx, of, precondition);
      await tx.execute(deleteWebhook, of);
      const known = membersOf(before);
      const event = { tenantId: of.tenantId, aggregate: id, context: caller.context };
      const data = { changed: Object.keys(known), before: known };
      await tx.record(this.on.events.make(webhookDeleted, { ...event, data }), before.version + 1);
    });
  }

  async rotate<R>(
    caller: Caller,
    id: WebhookId,
    { precondition, once, endOthers }: Guarded & { readonly endOthers: boolean },
    answer: (secret: string, version: number) => Answer<R>,
  ): Promise<Answer<R>> {
    const of = { tenantId: caller.tenant.id, id };
    return this.on.database.run((tx) =>
      once.in(tx, async () => {
        const before = await locked(tx, of, precondition);
        const { shown: secret, sealed } = newSecret(this.on.keyring, of);
        await tx.execute(rotateSecret, { ...of, secret: sealed, overlap: endOthers ? 0 : overlap });
        const event = { tenantId: of.tenantId, aggregate: id, context: caller.context };
        const version = before.version + 1;
        await tx.record(this.on.events.make(webhookSecretRotated, { ...event, data: { endOthers } }), version);
        return answer(secret, version);
      }),
    );
  }

  async replay<R>(
    caller: Caller,
    id: WebhookId,
    { precondition, once, from }: Guarded & { readonly from: ReplayFrom },
    answer: (webhook: StoredWebhook) => Answer<R>,
  ): Promise<Answer<R>> {
    ensureMayRead(caller);
    const of = { tenantId: caller.tenant.id, id };
    const answered = await this.on.database.run((tx) =>
      once.in(tx, async () => {
        const before = await locked(tx, of, precondition);
        const next = await startOfReplay(tx, of.tenantId, from, before.next);
        await tx.execute(moveBack, { ...of, next });
        const event = { tenantId: of.tenantId, aggregate: id, context: caller.context };
        await tx.record(this.on.events.make(webhookReplayed, { ...event, data: { from: next } }), before.version + 1);
        return answer(await found(tx, of));
      }),
    );
    this.on.onChanged();
    return answered;
  }

  async retry(caller: Caller, id: WebhookId, index: number): Promise<StoredWebhookDelivery> {
    const tenantId = caller.tenant.id;
    const retried = await this.on.database.run(async (tx) => {
      const delivery = await tx.first(retryDelivery, { tenantId, webhookId: id, index });
      if (!delivery) throw nothingThere();
      const { eventId: event, type, attemptsBefore } = delivery;
      const data = { webhook: showId('whk', id), event, type, position: index, attempts: attemptsBefore };
      await tx.record(this.on.events.make(webhookDeliveryRetried, { tenantId, context: caller.context, data }));
      return delivery;
    });
    this.on.onChanged();
    return retried;
  }

  #ensureFetchable(url: string): void {
    if (fetchableUrl(url, this.on.allow)) return;
    throw new ManagementProblem('invalid-object', 'The object is not valid', {
      errors: [{ pointer: '/url', detail: 'must be an absolute https URL without credentials' }],
    });
  }
}

/** Whoever says where events are told, or from when on, may read them. */
function ensureMayRead({ held }: Caller): void {
  if (reachOf(held, 'events:read')?.kind === 'tenant') return;
  throw new ManagementProblem('insufficient-permission', 'events:read is needed in the whole tenant');
}

interface Reference {
  readonly tenantId: TenantId;
  readonly id: WebhookId;
}

async function locked(tx: Transaction, of: Reference, precondition: Precondition): Promise<StoredWebhook> {
  const webhook = await tx.first(lockWebhook, of);
  if (!webhook) throw nothingThere();
  precondition.ensure(webhook.version);
  return webhook;
}

async function found(tx: Transaction, of: Reference): Promise<StoredWebhook> {
  const webhook = await tx.first(findWebhook, of);
  if (!webhook) throw new TypeError('A webhook that was just written is not there.');
  return webhook;
}

const membersOf = ({ url, description, types, enabled }: StoredWebhook): WebhookObject => ({
  ...{ url, description, types: [...types], enabled },
});

type Difference = { changed: string[]; before: Record<string, unknown>; after: Record<string, unknown> };

function difference(before: WebhookObject | undefined, after: WebhookObject): Difference {
  const known: Partial<Record<string, unknown>> = { ...before };
  const changed = Object.entries(after).filter(
    ([name, value]) => JSON.stringify(known[name]) !== JSON.stringify(value),
  );
  return {
    changed: changed.map(([name]) => name),
    before: Object.fromEntries(changed.map(([name]) => [name, known[name]])),
    after: Object.fromEntries(changed),
  };
}
