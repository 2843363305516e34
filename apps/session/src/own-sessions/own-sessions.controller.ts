import { Controller } from '@nestjs/common';
import {
  endOtherSessions,
  endOwnSession,
  eventId,
  listOwnSessions,
  newId,
  otherSessionsEnded,
  type Authentication,
  type EventContext,
  type OwnSession,
  type SessionId,
} from '@signet/contracts';
import { Serves } from '@signet/messaging';
import { Database } from '@signet/persistence';
import { EventFactory } from '@signet/service';
import type { z } from 'zod';
import { SessionEnding } from '../ending/session-ending.js';
import { endOfAccount, endOfOwner } from '../store/end-session.js';
import { listForOwner } from '../store/list-sessions.js';
import { resolve } from '../store/resolve-session.js';
import type { StoredSession } from '../store/shown-session.js';

type Listing = z.output<typeof listOwnSessions.request>;
type Ending = z.output<typeof endOwnSession.request>;
type Ended = z.input<typeof endOwnSession.response>;

const most = 101;
/** At once; the rest are ended by what token tells of the floor. */
const batch = 1_000;

/** What people see and end of their own sessions, at their account page. */
@Controller()
export class OwnSessionsController {
  constructor(
    private readonly database: Database,
    private readonly events: EventFactory,
    private readonly ending: SessionEnding,
  ) {}

  @Serves(listOwnSessions)
  async list(request: Listing): Promise<z.input<typeof listOwnSessions.response>> {
    const authentication = await this.#owner(request);
    if (!authentication) return { outcome: 'none' };
    const { accountId, sessionId } = authentication;
    const about = { tenantId: request.tenantId, accountId, current: sessionId, limit: most + 1 };
    const sessions = await this.database.execute(listForOwner, about);
    return {
      ...{ outcome: 'live', authentication, more: sessions.length > most },
      sessions: sessions.slice(0, most).map((session) => shown(session, sessionId)),
    };
  }

  @Serves(endOwnSession)
  async end(request: Ending): Promise<Ended> {
    const owner = await this.#owner(request);
    if (!owner) return { outcome: 'none' };
    const { tenantId, ends } = request;
    await this.ending.end({
      statement: endOfOwner,
      parameters: { tenantId, sessionId: ends, accountId: owner.accountId },
      reason: 'revoked',
      context: contextOf(request.context, owner),
      raise: true,
    });
    return { outcome: 'ended' };
  }

  @Serves(endOtherSessions)
  async endOthers(request: Listing): Promise<Ended> {
    const owner = await this.#owner(request);
    if (!owner) return { outcome: 'none' };
    const { tenantId } = request;
    const { accountId, sessionId, since } = owner;
    const context = contextOf(request.context, owner);
    const raiseId = newId(eventId);
    await this.ending.end({
      statement: endOfAccount,
      parameters: { tenantId, accountId, until: this.database.now(), spared: sessionId, limit: batch },
      reason: 'revoked',
      context,
      raise: false,
      covering: {
        floor: {
          kind: 'account',
          ...{ raiseId, tenantId, accountId },
          reason: 'other_sessions_ended',
          spare: { sessionId, since },
        },
        event: this.events.make(otherSessionsEnded, {
          ...{ tenantId, context, account: accountId, session: sessionId, data: {} },
        }),
      },
    });
    return { outcome: 'ended' };
  }

  /** Whose cookie it is; undefined where it names no live session. */
  #owner({ tenantId, session, context }: Listing): Promise<Authentication | undefined> {
    return this.database.first(resolve, { tenantId, session, network: context.network });
  }
}

const contextOf = (context: EventContext, { accountId }: Authentication): EventContext => ({
  ...context,
  actor: `account:${accountId}`,
});

const shown = (session: StoredSession, current: SessionId): OwnSession => ({
  sessionId: session.sessionId,
  current: session.sessionId === current,
  remembered: session.remembered,
  userAgent: session.userAgent ?? '',
  ip: session.seenIp ?? '',
  createdAt: session.createdAt,
  lastSeenAt: session.lastSeenAt,
  clientIds: session.clients.map(({ clientId }) => clientId),
});
