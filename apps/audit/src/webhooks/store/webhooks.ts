import { webhookFaults, webhookId, type TenantId, type WebhookId } from '@signet/contracts';
import { bytea, ignoredRow, int8, micros, microsOf, statement } from '@signet/persistence';
import { z } from 'zod';
import type { SealedSecrets } from '../secrets.js';

const webhookRow = z.object({
  id: webhookId,
  url: z.string(),
  description: z.string(),
  types: z.array(z.string()),
  enabled: z.boolean(),
  disabledReason: z.enum(webhookFaults).nullable(),
  failingSince: micros.nullable(),
  secrets: z.int(),
  version: int8,
  createdAt: micros,
  updatedAt: micros,
  next: int8,
  waiting: int8,
  /** Sealed. */
  secret: bytea,
  /** Sealed; null where it does not count any more. */
  previous: bytea.nullable(),
});
export type StoredWebhook = Readonly<z.infer<typeof webhookRow>>;

interface Reference {
  readonly tenantId: TenantId;
  readonly id: WebhookId;
}

const selected = `select webhook.id, url, description, types, enabled, disabled_reason as "disabledReason",
    ${microsOf('failing_since')} as "failingSince", case when previous_until > clock_timestamp() then 2 else 1 end as secrets,
    version, ${microsOf('created_at')} as "createdAt", ${microsOf('updated_at')} as "updatedAt", position.next,
    secret, case when previous_until > clock_timestamp() then previous_secret end as previous,
    (select count(*) from webhook_delivery delivery
      where delivery.tenant_id = webhook.tenant_id and delivery.webhook_id = webhook.id and finished_at is null) as waiting
  from webhook join webhook_position position on position.tenant_id = webhook.tenant_id and position.webhook_id = webhook.id
  where webhook.tenant_id = $1`;

export const findWebhook = statement<Reference, StoredWebhook>({
  name: 'audit.webhook.find',
  text: `${selected} and webhook.id = $2`,
  parameters: ({ tenantId, id }) => [tenantId, id],
  row: webhookRow,
});

export const lockWebhook = statement<Reference, StoredWebhook>({
  name: 'audit.webhook.lock',
  text: `${selected} and webhook.id = $2 for no key update of webhook`,
  parameters: ({ tenantId, id }) => [tenantId, id],
  row: webhookRow,
});

/** The oldest first. */
export const listWebhooks = statement<{ tenantId: TenantId; after: string | undefined; limit: number }, StoredWebhook>({
  name: 'audit.webhook.list',
  text: `${selected} and ($2::uuid is null or webhook.id > $2) order by webhook.id limit $3`,
  parameters: ({ tenantId, after, limit }) => [tenantId, after ?? null, limit],
  row: webhookRow,
});

export const countWebhooks = statement<{ tenantId: TenantId }, { count: number }>({
  name: 'audit.webhook.count',
  text: 'select count(*)::integer as count from webhook where tenant_id = $1',
  parameters: ({ tenantId }) => [tenantId],
  row: z.object({ count: z.int() }),
});

interface Members {
  readonly url: string;
  readonly description: string;
  readonly types: readonly string[];
  readonly enabled: boolean;
}

/** Told of what is logged from now on. */
export const insertWebhook = statement<Reference & Members & { secret: Uint8Array }, unknown>({
  name: 'audit.webhook.insert',
  text: `
with made as (
  insert into webhook (tenant_id, id, url, description, types, enabled, secret, version)
  values ($1, $2, $3, $4, $5, $6, $7, 1) returning tenant_id, id
)
insert into webhook_position (tenant_id, webhook_id, next)
select tenant_id, id, coalesce((select size from log_head where log_head.tenant_id = made.tenant_id), 0) from made`,
  parameters: (p) => [p.tenantId, p.id, p.url, p.description, p.types, p.enabled, p.secret],
  row: ignoredRow,
});

/** Where it is enabled, what is waiting for a later attempt is tried at once. */
export const updateWebhook = statement<Reference & Members, { version: number }>({
  name: 'audit.webhook.update',
  text: `
with due as (
  update webhook_delivery set next_attempt_at = clock_timestamp()
  where tenant_id = $1 and webhook_id = $2 and finished_at is null and $6
    and exists (select from webhook where tenant_id = $1 and id = $2 and not enabled)
)
update webhook set url = $3, description = $4, types = $5, enabled = $6, version = version + 1, updated_at = clock_timestamp(),
  disabled_reason = case when $6 then null else disabled_reason end,
  failing_since = case when $6 and not enabled then null else failing_since end
where tenant_id = $1 and id = $2 returning version`,
  parameters: (p) => [p.tenantId, p.id, p.url, p.description, p.types, p.enabled],
  row: z.object({ version: int8 }),
});

export const deleteWebhook = statement<Reference, unknown>({
  name: 'audit.webhook.delete',
  text: 'delete from webhook where tenant_id = $1 and id = $2',
  parameters: ({ tenantId, id }) => [tenantId, id],
  row: ignoredRow,
});

/** Seconds for which the secret before signs as well. */
export const rotateSecret = statement<Reference & { secret: Uint8Array; overlap: number }, { version: number }>({
  name: 'audit.webhook.rotate-secret',
  text: `update webhook set secret = $3, version = version + 1, updated_at = clock_timestamp(),
    previous_secret = case when $4::integer > 0 then secret end,
    previous_until = case when $4 > 0 then clock_timestamp() + $4 * interval '1 second' end
    where tenant_id = $1 and id = $2 returning version`,
  parameters: (p) => [p.tenantId, p.id, p.secret, p.overlap],
  row: z.object({ version: int8 }),
});

export const moveBack = statement<Reference & { next: number }, { version: number }>({
  name: 'audit.webhook.move-back',
  text: `
with moved as (
  update webhook_position set next = $3 where tenant_id = $1 and webhook_id = $2
)
update webhook set version = version + 1, updated_at = clock_timestamp() where tenant_id = $1 and id = $2 returning version`,
  parameters: (p) => [p.tenantId, p.id, p.next],
  row: z.object({ version: int8 }),
});

export const signingSecrets = statement<Reference, SealedSecrets>({
  name: 'audit.webhook.signing-secrets',
  text: `select secret, case when previous_until > clock_timestamp() then previous_secret end as previous
    from webhook where tenant_id = $1 and id = $2`,
  parameters: ({ tenantId, id }) => [tenantId, id],
  row: z.object({ secret: bytea, previous: bytea.nullable() }),
});

/**
 * The first entry of those that tell of a time or later: some may have been appended before others that are older, so as many are looked at
 * as may wait anywhere for their turn.
 */
export const firstSince = statement<{ tenantId: TenantId; leastId: string }, { index: number | null }>({
  name: 'audit.entry.first-since',
  text: `select min(index) as index from (
    select index from entry where tenant_id = $1 and id >= $2 order by id limit 100000
  ) later`,
  parameters: ({ tenantId, leastId }) => [tenantId, leastId],
  row: z.object({ index: int8.nullable() }),
});
