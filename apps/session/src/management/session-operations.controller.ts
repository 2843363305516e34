import { rfc3339, sessionOperations, showId, sidOf, type ShownSession } from '@signet/contracts';
import { Database } from '@signet/persistence';
import { nothingThere, Operates, Operations, type Answer, type Input } from '@signet/service';
import { SessionEnding } from '../ending/session-ending.js';
import { endById } from '../store/end-session.js';
import { findSession, listSessions } from '../store/list-sessions.js';
import type { StoredSession } from '../store/shown-session.js';

/** `/admin/v1/sessions` */
@Operations()
export class SessionOperations {
  constructor(
    private readonly database: Database,
    private readonly ending: SessionEnding,
  ) {}

  @Operates(sessionOperations.list)
  async list({
    caller,
    query,
    page,
  }: Input<typeof sessionOperations.list>): Promise<Answer<{ items: ShownSession[] }>> {
    const rows = await this.database.execute(listSessions(caller.tenant.id, query, page.range), undefined);
    return { body: page.of(rows, shown, ({ sessionId }) => [sessionId]) };
  }

  @Operates(sessionOperations.read)
  async read({ caller, parameters }: Input<typeof sessionOperations.read>): Promise<Answer<ShownSession>> {
    const about = { tenantId: caller.tenant.id, sessionId: parameters.session_id };
    const found = await this.database.first(findSession, about);
    if (!found) throw nothingThere();
    return { body: shown(found) };
  }

  @Operates(sessionOperations.end)
  async end({ caller, parameters }: Input<typeof sessionOperations.end>): Promise<Answer<undefined>> {
    const ended = await this.ending.end({
      statement: endById,
      parameters: { tenantId: caller.tenant.id, sessionId: parameters.session_id },
      reason: 'revoked',
      context: caller.context,
      raise: true,
    });
    if (ended.length === 0) throw nothingThere();
    return { body: undefined };
  }
}

const shown = (session: StoredSession): ShownSession => ({
  id: showId('ses', session.sessionId),
  account_id: showId('acc', session.accountId),
  created_at: rfc3339(session.createdAt),
  last_seen_at: rfc3339(session.lastSeenAt),
  idle_expires_at: rfc3339(session.idleExpiresAt),
  expires_at: rfc3339(session.expiresAt),
  remembered: session.remembered,
  device: { user_agent: session.userAgent, began_ip: session.beganIp, seen_ip: session.seenIp },
  authentications: session.authentications.map(({ authTime, acr, amr }) => ({
    auth_time: rfc3339(authTime),
    acr,
    amr,
  })),
  clients: session.clients.map(({ clientId, joinedAt }) => ({
    client_id: clientId,
    sid: sidOf(session.sessionId, clientId),
    joined_at: rfc3339(joinedAt),
  })),
});
