import type { AccountId, SessionId, TenantId } from '@signet/contracts';
import { statement, type Database } from '@signet/persistence';
import { isLive } from './session-row.js';
import { shownColumns, shownRow, type StoredSession } from './shown-session.js';

interface Range {
  readonly tenantId: TenantId;
  readonly after: string | undefined;
  readonly limit: number;
}

const lowest = '00000000-0000-0000-0000-000000000000';

/** Live sessions in the order in which they began. One statement for each filter, so that each is planned with its own index. */
const listed = <F>(by: string, from: string, condition: string, values: (filter: F) => unknown[]) =>
  statement<Range & F, StoredSession>({
    name: `session.session.list${by}`,
    text: `select ${shownColumns} from ${from}
      where s.tenant_id = $1 and s.id > $2::uuid and ${isLive('s')}${condition} order by s.id limit $3`,
    parameters: (p) => [p.tenantId, p.after ?? lowest, p.limit, ...values(p)],
    row: shownRow,
  });

const ofClient = `participant of_client join session s on s.tenant_id = of_client.tenant_id and s.id = of_client.session_id`;
const takesPart = (client: string) =>
  ` and of_client.tenant_id = $1 and of_client.session_id > $2::uuid and of_client.client_id = ${client}`;

const listAll = listed('', 'session s', '', () => []);
const listOfAccount = listed<{ account: string }>('-of-account', 'session s', ' and s.account_id = $4', (p) => [
  p.account,
]);
const listOfClient = listed<{ client: string }>('-of-client', ofClient, takesPart('$4'), (p) => [p.client]);
const listOfBoth = listed<{ account: string; client: string }>(
  '-of-account-and-client',
  ofClient,
  ` and s.account_id = $4${takesPart('$5')}`,
  (p) => [p.account, p.client],
);

export interface Filters {
  readonly account?: string | undefined;
  readonly client?: string | undefined;
}

/** Those that a filter leaves. */
export function listSessions(
  database: Pick<Database, 'execute'>,
  { account, client }: Filters,
  range: Range,
): Promise<StoredSession[]> {
  if (account === undefined) {
    return client === undefined
      ? database.execute(listAll, range)
      : database.execute(listOfClient, { ...range, client });
  }
  return client === undefined
    ? database.execute(listOfAccount, { ...range, account })
    : database.execute(listOfBoth, { ...range, account, client });
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
