import { tenantId, webhookId } from '@signet/contracts';
import { int8, statement } from '@signet/persistence';
import { z } from 'zod';

/** Deliveries under way to one webhook that are new, or failed lately: the log itself holds what comes after them. */
export const windowLength = 256;
/** The same while its receiver fails, so that what becomes a dead letter is not all that happens meanwhile: one success opens the window again. */
const probes = 4;
/** Of those that are under way at all: with what waits hours for its next attempt, and what waits behind that in its aggregate. */
export const mostUnderWay = 10_000;
/** After so many attempts, some half an hour, the next one is hours away, and is no reason to wait with others. */
const soonTried = 3;
/** Indices that one statement looks at: what is wanted may be rare and the log long. */
const stride = 20_000;

const place = z.object({ tenantId, webhookId });
export type WebhookPlace = Readonly<z.infer<typeof place>>;

export const nobody = '00000000-0000-0000-0000-000000000000';

/** SQL: those of `position` that are under way, as `name`. */
const underWay = (name: string) => `webhook_delivery ${name} where ${name}.tenant_id = position.tenant_id
  and ${name}.webhook_id = position.webhook_id and ${name}.finished_at is null`;

/** SQL: room in the window of `position`, which is of `webhook`; below 0 where that has become less. */
const room = `(select case when held.count >= ${mostUnderWay} then 0 else least(${mostUnderWay} - held.count,
    case when webhook.failing_since is null then ${windowLength} else ${probes} end - (
    select count(*) from (
      select from ${underWay('delivery')} and attempts <= ${soonTried} and not exists (
        select from ${underWay('earlier')} and earlier.aggregate = delivery.aggregate and earlier.index < delivery.index
      ) limit ${windowLength}
    ) as fresh)) end
  from (select count(*) from (select from ${underWay('waiting')} limit ${mostUnderWay}) as counted) as held)`;

/** Webhooks whose logs have grown, and that have room; in turn, those after `after` first. */
export const listBehind = statement<{ after: WebhookPlace | undefined }, WebhookPlace>({
  name: 'audit.webhook.list-behind',
  text: `select position.tenant_id as "tenantId", position.webhook_id as "webhookId"
    from webhook_position position
    join webhook on webhook.tenant_id = position.tenant_id and webhook.id = position.webhook_id and webhook.enabled
    join log_head on log_head.tenant_id = position.tenant_id and log_head.size > position.next
    where ${room} > 0
    order by (position.tenant_id, position.webhook_id) <= ($1::uuid, $2::uuid), position.tenant_id, position.webhook_id
    limit 1000`,
  parameters: ({ after }) => [after?.tenantId ?? nobody, after?.webhookId ?? nobody],
  row: place,
});

/**
 * Takes what comes next in the log under way, and moves the position past it: one step, so that nothing is passed over whoever dies.
 * What a replay finds still there begins anew, where it had ended. A webhook is told nothing of deliveries to webhooks, or each would
 * bring about the next.
 */
export const fillWindow = statement<WebhookPlace, { more: boolean }>({
  name: 'audit.webhook.fill-window',
  text: `
with place as materialized (
  select position.tenant_id, position.webhook_id, position.next, webhook.types, ${room} as room,
    least(log_head.size, position.next + ${stride}) as up_to, log_head.size
  from webhook_position position
  join webhook on webhook.tenant_id = position.tenant_id and webhook.id = position.webhook_id and webhook.enabled
  join log_head on log_head.tenant_id = position.tenant_id and log_head.size > position.next
  where position.tenant_id = $1 and position.webhook_id = $2
  for no key update of position skip locked
), found as materialized (
  select entry.* from place cross join lateral (
    select index, id, type, aggregate from entry
    where entry.tenant_id = place.tenant_id and index >= place.next and index < place.up_to
      and type not like 'signet.audit.webhook-delivery.%'
      and (cardinality(place.types) = 0 or type = any(place.types)
        or exists (select from unnest(place.types) as pattern where pattern like '%*' and entry.type ^@ rtrim(pattern, '*')))
    order by index limit greatest(place.room, 0)
  ) entry
), under_way as (
  insert into webhook_delivery as known (tenant_id, webhook_id, index, event_id, type, aggregate)
  select place.tenant_id, place.webhook_id, found.index, found.id, found.type, found.aggregate from place cross join found
  on conflict (tenant_id, webhook_id, index) do update set
    attempts = 0, next_attempt_at = clock_timestamp(), outcome = null, finished_at = null, version = known.version + 1
  where known.finished_at is not null
)
update webhook_position set next = case
  when (select count(*) from found) < place.room then place.up_to
  else (select max(index) + 1 from found) end
from place
where webhook_position.tenant_id = place.tenant_id and webhook_position.webhook_id = place.webhook_id and place.room > 0
returning webhook_position.next < place.size and (select count(*) from found) < place.room as more`,
  parameters: (p) => [p.tenantId, p.webhookId],
  row: z.object({ more: z.boolean() }),
});

export const countWaiting = statement<undefined, { waiting: number }>({
  name: 'audit.webhook-delivery.count-waiting',
  text: 'select count(*)::bigint as waiting from webhook_delivery where finished_at is null',
  parameters: () => [],
  row: z.object({ waiting: int8 }),
});

/** Days for which it is kept what became of a delivery. */
export const kept = [
  { outcome: 'delivered', days: 1 },
  { outcome: 'dead_lettered', days: 30 },
] as const;

export const forgetDeliveries = statement<(typeof kept)[number] & { limit: number }, unknown>({
  name: 'audit.webhook-delivery.forget',
  text: `delete from webhook_delivery where (tenant_id, webhook_id, index) in (
    select tenant_id, webhook_id, index from webhook_delivery
    where outcome = $1 and finished_at < (select clock_timestamp()) - $2::integer * interval '1 day'
    order by finished_at limit $3 for update skip locked
  ) returning 1`,
  parameters: ({ outcome, days, limit }) => [outcome, days, limit],
  row: z.unknown(),
});
