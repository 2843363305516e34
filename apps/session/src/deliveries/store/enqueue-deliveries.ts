import { ignoredRow, statement } from '@signet/persistence';
import type { EndedSession } from '../../store/end-session.js';

export interface Enqueueing {
  readonly sessions: readonly Pick<EndedSession, 'tenantId' | 'sessionId' | 'accountId'>[];
  /** Of the floors that are raised after the commit; null where none is. */
  readonly raiseId: string | null;
}

/**
 * In the transaction that ends the sessions: one delivery for each client that takes part, whether it wants to be told or not. That
 * is looked up afterwards, since a transaction asks no other service.
 */
export const enqueueDeliveries = statement<Enqueueing, unknown>({
  name: 'session.delivery.enqueue',
  text: `
insert into logout_delivery
  (tenant_id, id, session_id, account_id, client_id, raise_id, created_at, attempts, next_attempt_at, version)
select ended.tenant_id, uuid_v7(), ended.session_id, ended.account_id, participant.client_id, $4,
  clock_timestamp(), 0, clock_timestamp(), 0
from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as ended (tenant_id, session_id, account_id)
join participant on participant.tenant_id = ended.tenant_id and participant.session_id = ended.session_id`,
  parameters: ({ sessions, raiseId }) => [
    sessions.map(({ tenantId }) => tenantId),
    sessions.map(({ sessionId }) => sessionId),
    sessions.map(({ accountId }) => accountId),
    raiseId,
  ],
  row: ignoredRow,
});
