import {
  accountId,
  deliveryId,
  sessionId,
  type deliveryOutcomes,
  type DeliveryId,
  type TenantId,
} from '@signet/contracts';
import { composed, filtered, micros, microsOf, statement, type Statement } from '@signet/persistence';
import { z } from 'zod';

const storedRow = z.object({
  id: deliveryId,
  sessionId,
  accountId: accountId.nullable(),
  clientId: z.string(),
  outcome: z.enum(['delivered', 'dead_lettered']).nullable(),
  attempts: z.int(),
  lastAnswer: z.string().nullable(),
  createdAt: micros,
  lastAttemptAt: micros.nullable(),
  nextAttemptAt: micros,
  finishedAt: micros.nullable(),
});
export type StoredDelivery = Readonly<z.infer<typeof storedRow>>;

const columns = `id, session_id as "sessionId", account_id as "accountId", client_id as "clientId", outcome, attempts,
  last_answer as "lastAnswer", ${microsOf('created_at')} as "createdAt", ${microsOf('last_attempt_at')} as "lastAttemptAt",
  ${microsOf('next_attempt_at')} as "nextAttemptAt", ${microsOf('finished_at')} as "finishedAt"`;

export const findDelivery = statement<{ tenantId: TenantId; id: DeliveryId }, StoredDelivery>({
  name: 'session.delivery.find',
  text: `select ${columns} from logout_delivery where tenant_id = $1 and id = $2`,
  parameters: (p) => [p.tenantId, p.id],
  row: storedRow,
});

export interface DeliveryFilters {
  readonly session?: string | undefined;
  readonly account?: string | undefined;
  readonly client?: string | undefined;
  readonly outcome?: (typeof deliveryOutcomes)[number] | undefined;
}

/** The latest first; the text is made for what is asked, so that it is planned by the index for that. */
export function listDeliveries(
  tenantId: TenantId,
  { session, account, client, outcome }: DeliveryFilters,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): Statement<undefined, StoredDelivery> {
  const values: unknown[] = [tenantId, limit];
  const waiting = outcome === 'waiting' ? ' and outcome is null' : '';
  const conditions = filtered(values, [
    ['session_id = ?::uuid', session],
    ['account_id = ?::uuid', account],
    ['client_id = ?::text', client],
    ['outcome = ?::text', waiting === '' ? outcome : undefined],
    ['id < ?::uuid', after],
  ]);
  return composed({
    name: 'session.delivery.list',
    text: `select ${columns} from logout_delivery where tenant_id = $1${waiting}${conditions} order by id desc limit $2`,
    values,
    row: storedRow,
  });
}
