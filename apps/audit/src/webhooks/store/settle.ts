import type { RecordedEvent } from '@signet/contracts';
import { eventParameter, statement } from '@signet/persistence';
import { z } from 'zod';
import type { DueWebhookDelivery } from './claim.js';
import type { WebhookPlace } from './window.js';

type Reference = Pick<DueWebhookDelivery, 'tenantId' | 'webhookId' | 'index' | 'version'>;

const keys = (p: Reference) => [p.tenantId, p.webhookId, p.index, p.version];
const settledRow = z.object({ attempts: z.int() });

/** SQL: the row, where nobody has taken it over meanwhile, or begun it anew. */
const mine = 'tenant_id = $1 and webhook_id = $2 and index = $3 and version = $4 and finished_at is null';

/** Nothing comes back where another replica has taken it over: what comes of it is that one's to say. */
export const markDelivered = statement<Reference & { answer: string }, { attempts: number }>({
  name: 'audit.webhook-delivery.mark-delivered',
  text: `
with done as (
  update webhook_delivery set attempts = attempts + 1, version = version + 1, last_attempt_at = clock_timestamp(),
    last_answer = $5, finished_at = clock_timestamp(), outcome = 'delivered'
  where ${mine} returning attempts
), well as (
  update webhook set failing_since = null
  where tenant_id = $1 and id = $2 and failing_since is not null and exists (select from done)
)
select attempts from done`,
  parameters: (p) => [...keys(p), p.answer],
  row: settledRow,
});

interface Failure extends Reference {
  readonly answer: string;
  /** Milliseconds until the next attempt; null where there is to be none. */
  readonly wait: number | null;
  readonly deadLettered: RecordedEvent;
}

export const markFailed = statement<Failure, { attempts: number }>({
  name: 'audit.webhook-delivery.mark-failed',
  text: `
with failed as (
  update webhook_delivery set attempts = attempts + 1, version = version + 1, last_attempt_at = clock_timestamp(), last_answer = $5,
    next_attempt_at = clock_timestamp() + coalesce($6::bigint, 0) * interval '1 millisecond',
    finished_at = case when $6 is null then clock_timestamp() end,
    outcome = case when $6 is null then 'dead_lettered' end
  where ${mine} returning attempts
), ill as (
  update webhook set failing_since = clock_timestamp()
  where tenant_id = $1 and id = $2 and failing_since is null and exists (select from failed)
)
select attempts, case when $6::bigint is null then
  record_event($7::jsonb, 1, jsonb_build_object('data', jsonb_build_object('attempts', attempts))) end as recorded
from failed`,
  parameters: (p) => [...keys(p), p.answer, p.wait, eventParameter(p.deadLettered)],
  row: settledRow,
  records: true,
});

/** An entry that retention has dropped before it was delivered is delivered to nobody any more. */
export const dropDelivery = statement<Reference, unknown>({
  name: 'audit.webhook-delivery.drop',
  text: `delete from webhook_delivery where ${mine}`,
  parameters: keys,
  row: z.unknown(),
});

/** Disabled at once where it is gone, else where it has failed for five days. */
export const disableWebhook = statement<
  WebhookPlace & { reason: 'gone' | 'failing'; disabled: RecordedEvent },
  { version: string }
>({
  name: 'audit.webhook.disable',
  text: `update webhook set enabled = false, disabled_reason = $3, version = version + 1, updated_at = clock_timestamp()
    where tenant_id = $1 and id = $2 and enabled
      and ($3 = 'gone' or failing_since < clock_timestamp() - interval '5 days')
    returning version::text, record_event($4::jsonb, version)`,
  parameters: (p) => [p.tenantId, p.webhookId, p.reason, eventParameter(p.disabled)],
  row: z.object({ version: z.string() }),
  records: true,
});
