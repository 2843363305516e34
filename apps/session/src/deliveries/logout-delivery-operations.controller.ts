import { logoutDeliveryOperations, rfc3339, showId, type Micros, type ShownLogoutDelivery } from '@signet/contracts';
import { Database } from '@signet/persistence';
import { nothingThere, Operates, Operations, type Answer, type Input } from '@signet/service';
import { findDelivery, listDeliveries, type StoredDelivery } from './store/read-deliveries.js';

/** `/admin/v1/logout-deliveries` */
@Operations()
export class LogoutDeliveryOperations {
  constructor(private readonly database: Database) {}

  @Operates(logoutDeliveryOperations.list)
  async list({
    caller,
    query,
    page,
  }: Input<typeof logoutDeliveryOperations.list>): Promise<Answer<{ items: ShownLogoutDelivery[] }>> {
    const rows = await this.database.execute(listDeliveries(caller.tenant.id, query, page.range), undefined);
    return { body: page.of(rows, shown, ({ id }) => [id]) };
  }

  @Operates(logoutDeliveryOperations.read)
  async read({
    caller,
    parameters,
  }: Input<typeof logoutDeliveryOperations.read>): Promise<Answer<ShownLogoutDelivery>> {
    const found = await this.database.first(findDelivery, { tenantId: caller.tenant.id, id: parameters.delivery_id });
    if (!found) throw nothingThere();
    return { body: shown(found) };
  }
}

const moment = (at: Micros | null): string | null => (at === null ? null : rfc3339(at));

const shown = (row: StoredDelivery): ShownLogoutDelivery => ({
  id: showId('dlv', row.id),
  session_id: showId('ses', row.sessionId),
  account_id: row.accountId === null ? null : showId('acc', row.accountId),
  client_id: row.clientId,
  outcome: row.outcome ?? 'waiting',
  attempts: row.attempts,
  last_answer: row.lastAnswer,
  created_at: rfc3339(row.createdAt),
  last_attempt_at: moment(row.lastAttemptAt),
  next_attempt_at: row.outcome === null ? rfc3339(row.nextAttemptAt) : null,
  finished_at: moment(row.finishedAt),
});
