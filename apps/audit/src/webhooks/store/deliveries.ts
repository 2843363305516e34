import type { TenantId, webhookDeliveryOutcomes, WebhookId } from '@signet/contracts';
import { composed, filtered, int8, micros, microsOf, statement, type Statement } from '@signet/persistence';
import { z } from 'zod';

const storedRow = z.object({
  index: int8,
  eventId: z.string(),
  type: z.string(),
  aggregate: z.string(),
  attempts: z.int(),
  outcome: z.enum(['delivered', 'dead_lettered']).nullable(),
  lastAnswer: z.string().nullable(),
  lastAttemptAt: micros.nullable(),
  nextAttemptAt: micros,
  finishedAt: micros.nullable(),
});
export type StoredWebhookDelivery = Readonly<z.infer<typeof storedRow>>;

const columns = `index, event_id as "eventId", type, aggregate, attempts, outcome, last_answer as "lastAnswer",
  ${microsOf('last_attempt_at')} as "lastAttemptAt", ${microsOf('next_attempt_at')} as "nextAttemptAt",
  ${microsOf('finished_at')} as "finishedAt"`;

interface Of {
  readonly tenantId: TenantId;
  readonly webhookId: WebhookId;
}

export const findDelivery = statement<Of & { index: number }, StoredWebhookDelivery>({
  name: 'audit.webhook-delivery.find',
  text: `select ${columns} from webhook_delivery where tenant_id = $1 and webhook_id = $2 and index = $3`,
  parameters: (p) => [p.tenantId, p.webhookId, p.index],
  row: storedRow,
});

const retriedRow = storedRow.extend({ attemptsBefore: z.int() });

/** Begins anew, whatever became of it. */
export const retryDelivery = statement<Of & { index: number }, Readonly<z.infer<typeof retriedRow>>>({
  name: 'audit.webhook-delivery.retry',
  text: `
with before as (
  select attempts as attempts_before from webhook_delivery where tenant_id = $1 and webhook_id = $2 and index = $3 for update
)
update webhook_delivery set attempts = 0, next_attempt_at = clock_timestamp(), outcome = null, finished_at = null, version = version + 1
from before
where tenant_id = $1 and webhook_id = $2 and index = $3 returning ${columns}, attempts_before as "attemptsBefore"`,
  parameters: (p) => [p.tenantId, p.webhookId, p.index],
  row: retriedRow,
});

/** The latest first; the text is made for what is asked, so that it is planned by the index for that. */
export function listDeliveries(
  { tenantId, webhookId }: Of,
  outcome: (typeof webhookDeliveryOutcomes)[number] | undefined,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): Statement<undefined, StoredWebhookDelivery> {
  const values: unknown[] = [tenantId, webhookId, limit];
  const waiting = outcome === 'waiting' ? ' and finished_at is null' : '';
  const conditions = filtered(values, [
    // Names the condition of its index.
    ['finished_at is not null and outcome = ?::text', waiting === '' ? outcome : undefined],
    ['index < ?::bigint', after],
  ]);
  return composed({
    name: 'audit.webhook-delivery.list',
    text: `select ${columns} from webhook_delivery where tenant_id = $1 and webhook_id = $2${waiting}${conditions}
      order by index desc limit $3`,
    values,
    row: storedRow,
  });
}
