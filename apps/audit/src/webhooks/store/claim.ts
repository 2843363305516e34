import { tenantId, webhookId } from '@signet/contracts';
import { bytea, int8, statement } from '@signet/persistence';
import { z } from 'zod';
import { nobody, type WebhookPlace } from './window.js';

const dueRow = z.object({
  tenantId,
  webhookId,
  index: int8,
  /** Of the event. */
  id: z.string(),
  type: z.string(),
  aggregate: z.string(),
  attempts: z.int(),
  version: int8,
  url: z.string(),
  /** Null where retention has dropped it. */
  leaf: bytea.nullable(),
  /** The last attempt at this webhook failed. */
  failing: z.boolean(),
  /** Of the webhook in this turn. */
  place: int8,
});
export type DueWebhookDelivery = Readonly<z.infer<typeof dueRow>>;

export interface Claim {
  readonly busy: readonly WebhookPlace[];
  /** The webhook that had its turn last; the next one is first now. */
  readonly after: WebhookPlace | undefined;
  readonly perWebhook: number;
  readonly limit: number;
  /** Of the limit: for webhooks that are failing, one each. */
  readonly failing: number;
  /** Seconds for which no other replica takes them. */
  readonly lease: number;
}

/** SQL: so many of each webhook in `turn` that may be tried now, locked: of each aggregate the first that has not ended. */
const due = (perWebhook: string) => `
  select found.*, turn.place, turn.failing, turn.url from turn cross join lateral (
    select tenant_id, webhook_id, index from webhook_delivery delivery
    where tenant_id = turn.tenant_id and webhook_id = turn.id and finished_at is null
      and next_attempt_at <= (select clock_timestamp())
      and not exists (
        select from webhook_delivery earlier
        where earlier.tenant_id = delivery.tenant_id and earlier.webhook_id = delivery.webhook_id
          and earlier.aggregate = delivery.aggregate and earlier.finished_at is null and earlier.index < delivery.index
      )
    order by index limit ${perWebhook}
    for update skip locked
  ) found`;

/**
 * Takes what is due, webhooks in turn; those that are failing after the others, and no more of them than their share. Each under a new version,
 * by which alone it can be settled: not by a replica that had it before, and was paused over its lease.
 */
export const claimDeliveries = statement<Claim, DueWebhookDelivery>({
  name: 'audit.webhook-delivery.claim',
  text: `
with known as (
  select tenant_id, id, url, failing_since is not null as failing from webhook
  where enabled
    and not exists (
      select from unnest($1::uuid[], $2::uuid[]) as busy (tenant_id, id)
      where busy.tenant_id = webhook.tenant_id and busy.id = webhook.id
    )
    and exists (
      select from webhook_delivery delivery where delivery.tenant_id = webhook.tenant_id and delivery.webhook_id = webhook.id
        and finished_at is null and next_attempt_at <= (select clock_timestamp())
    )
), turn as materialized (
  select known.*, row_number() over (order by failing, (tenant_id, id) <= ($3::uuid, $4::uuid), tenant_id, id) as place
  from known order by place
), answering as materialized (
  ${due('$5')}
  where not turn.failing
  limit $6
), failing as materialized (
  ${due('1')}
  where turn.failing
  limit greatest(0, least($8::integer, $6::integer - (select count(*)::integer from answering)))
), due as (
  select * from answering union all select * from failing
), taken as (
  update webhook_delivery delivery set next_attempt_at = clock_timestamp() + $7::integer * interval '1 second',
    version = delivery.version + 1
  from due
  where delivery.tenant_id = due.tenant_id and delivery.webhook_id = due.webhook_id and delivery.index = due.index
  returning delivery.*, due.place, due.failing, due.url
)
select taken.tenant_id as "tenantId", webhook_id as "webhookId", taken.index, event_id as id, taken.type, taken.aggregate,
  attempts, version, url, entry.leaf, failing, place
from taken left join entry on entry.tenant_id = taken.tenant_id and entry.index = taken.index`,
  parameters: ({ busy, after, perWebhook, limit, lease, failing }) => [
    busy.map((place) => place.tenantId),
    busy.map((place) => place.webhookId),
    after?.tenantId ?? nobody,
    after?.webhookId ?? nobody,
    ...[perWebhook, limit, lease, failing],
  ],
  row: dueRow,
});
