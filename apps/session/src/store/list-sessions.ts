import type { AccountId, SessionId, TenantId } from '@signet/contracts';
import { composed, filtered, statement, type Statement } from '@signet/persistence';
import { isLive } from './session-row.js';
import { shownColumns, shownRow, type StoredSession } from './shown-session.js';

export interface Filters {
  readonly account?: string | undefined;
  readonly client?: string | undefined;
}

/** Live sessions in the order in which they began; the text is made for what is asked, so that it is planned by the index for that. */
export function listSessions(
  tenantId: TenantId,
  { account, client }: Filters,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): Statement<undefined, StoredSession> {
  const values: unknown[] = [tenantId, limit];
  const conditions = filtered(values, [
    ['s.account_id = ?::uuid', account],
    ['p.client_id = ?::text', client],
    [client === undefined ? 's.id > ?::uuid' : 's.id > ?::uuid and p.session_id > ?::uuid', after],
  ]);
  const ofClient = 'join participant p on p.tenant_id = s.tenant_id and p.session_id = s.id and p.tenant_id = $1';
  return composed({
    name: 'session.session.list',
    text: `select ${shownColumns} from session s ${client === undefined ? '' : ofClient}
      where s.tenant_id = $1 and ${isLive('s')}${conditions} order by s.id limit $2`,
    values,
    row: shownRow,
  });
}

export const findSession = statement<{ tenantId: TenantId; sessionId: SessionId }, StoredSession>({
  name: 'session.session.find',
  text: `select ${shownColumns} from session s where s.tenant_id = $1 and s.id = $2 and ${isLive('s')}`,
  parameters: (p) => [p.tenantId, p.sessionId],
  row: shownRow,
});

/** For the person: the session that they sit at, then the last seen first. */
export const listForOwner = statement<
  { tenantId: TenantId; accountId: AccountId; current: SessionId; limit: number },
  StoredSession
>({
  name: 'session.session.list-for-owner',
  text: `select ${shownColumns} from session s where s.tenant_id = $1 and s.account_id = $2 and ${isLive('s')}
    order by s.id = $3 desc, s.last_seen_at desc, s.id limit $4`,
  parameters: (p) => [p.tenantId, p.accountId, p.current, p.limit],
  row: shownRow,
});
