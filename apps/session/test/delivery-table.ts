import { accountId, newId, tenantId, type SessionId } from '@signet/contracts';
import { endById } from '../src/store/end-session.js';
import type { Listening } from './back-channel.js';
import type { SessionDatabase } from './session-database.js';

interface Row {
  readonly client_id: string;
  readonly attempts: number;
  readonly last_answer: string | null;
  readonly outcome: string | null;
}

type Named = Pick<Listening, 'clientId'>;

/** Deliveries of one tenant as the table has them, and as time and a test's hand leave them. */
export class DeliveryTable {
  readonly tenantId = newId(tenantId);
  readonly accountId = newId(accountId);

  constructor(private readonly sessions: SessionDatabase) {}

  rows(): Promise<Row[]> {
    return this.sessions.suite.query<Row>(
      'select client_id, attempts, last_answer, outcome from session.logout_delivery order by client_id, id',
    );
  }

  /** Time has passed for every delivery that is not over. */
  due() {
    return this.sessions.meddle(
      `update session.logout_delivery set next_attempt_at = clock_timestamp() from mark where outcome is null`,
    );
  }

  hourPasses() {
    return this.sessions
      .meddle(`update session.logout_delivery set next_attempt_at = clock_timestamp(), created_at = created_at - interval '61 minutes',
      give_up_at = give_up_at - interval '61 minutes' from mark where outcome is null`);
  }

  /** So many more deliveries to a client, each of an ended session of its own. */
  copies(count: number, clientId: string) {
    return this.sessions.meddle(
      `insert into session.logout_delivery
        (tenant_id, id, session_id, account_id, client_id, created_at, attempts, next_attempt_at, version)
      select $1, session.uuid_v7(), session.uuid_v7(), session.uuid_v7(), $2, clock_timestamp(), 0, clock_timestamp(), 0
      from mark, generate_series(1, $3)`,
      [this.tenantId, clientId, count],
    );
  }

  /** Events of the deliveries of a session. */
  async leaves(of: string): Promise<Record<string, unknown>[]> {
    return (await this.sessions.suite.query<{ leaf: Buffer }>('select leaf from session.outbox order by id'))
      .map(({ leaf }) => JSON.parse(leaf.toString('utf8')) as Record<string, unknown>)
      .filter(({ type, session }) => String(type).includes('logout-delivery') && session === of);
  }

  /** A session of the account at these clients. */
  async begun(...clients: readonly Named[]): Promise<SessionId> {
    const session = await this.sessions.begin({ tenantId: this.tenantId, accountId: this.accountId });
    await this.sessions.meddle('delete from session.participant using mark where session_id = $1', [session]);
    for (const { clientId } of clients) {
      await this.sessions.meddle(
        `insert into session.participant (tenant_id, session_id, client_id, joined_at)
        select $1, $2, $3, clock_timestamp() from mark`,
        [this.tenantId, session, clientId],
      );
    }
    return session;
  }

  end(session: SessionId, raise = true) {
    return this.sessions.ending.end({
      ...{ statement: endById, parameters: { tenantId: this.tenantId, sessionId: session } },
      ...{ reason: 'revoked', context: { actor: 'anonymous' }, raise },
    });
  }

  async ended(...clients: readonly Named[]): Promise<SessionId> {
    const session = await this.begun(...clients);
    await this.end(session);
    return session;
  }
}
