import type { Keyring } from '@signet/keys';
import type { Database, DatabaseClock } from '@signet/persistence';
import type { OutboundFetch } from '@signet/service';
import { cloudEventOf } from '../reading/cloud-event.js';
import { openSecrets } from './secrets.js';
import { webhookHeaders } from './signature.js';
import type { DueWebhookDelivery } from './store/claim.js';
import { signingSecrets } from './store/webhooks.js';

/** What came of one attempt. */
export type WebhookCall =
  | { readonly kind: 'delivered'; readonly answer: string }
  | { readonly kind: 'failed' | 'gone'; readonly answer: string; readonly retryAfter?: number }
  /** There is nothing to tell any more, or nobody to tell it to. */
  | { readonly kind: 'dropped' }
  /** Nothing was tried: a secret of the webhook does not open. */
  | { readonly kind: 'waiting' };

export interface WebhookCallDeps {
  readonly database: Pick<Database, 'first'>;
  readonly keyring: Keyring;
  readonly clock: Pick<DatabaseClock, 'now'>;
  readonly outbound: Pick<OutboundFetch, 'send'>;
}

/** Milliseconds; Standard Webhooks asks for 15 to 30 s. Shorter than the queue's lease. */
const deadline = 15_000;
const gone = 410;

/** Tells a webhook of an event, once: CloudEvents 1.0 in structured mode, signed as Standard Webhooks has it. */
export async function callWebhook(deps: WebhookCallDeps, delivery: DueWebhookDelivery): Promise<WebhookCall> {
  const { tenantId, webhookId, index, id, leaf, url } = delivery;
  if (leaf === null) return { kind: 'dropped' };
  const of = { tenantId, id: webhookId };
  const stored = await deps.database.first(signingSecrets, of);
  if (!stored) return { kind: 'dropped' };
  const secrets = openSecrets(deps.keyring, of, stored);
  if (!secrets) return { kind: 'waiting' };
  const body = JSON.stringify(cloudEventOf({ leaf, index }));
  const timestamp = Math.floor(deps.clock.now() / 1_000_000);
  const answer = await deps.outbound.send(url, {
    type: 'application/cloudevents+json; charset=utf-8',
    headers: webhookHeaders({ id, timestamp, body }, secrets),
    body,
    deadline,
  });
  if (!answer.ok) return { kind: 'failed', answer: answer.fault };
  const { status, retryAfter } = answer;
  if (status >= 200 && status < 300) return { kind: 'delivered', answer: String(status) };
  return {
    kind: status === gone ? 'gone' : 'failed',
    answer: String(status),
    ...(retryAfter !== undefined && { retryAfter }),
  };
}
