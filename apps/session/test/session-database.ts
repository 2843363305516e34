import {
  accountId,
  createSession,
  newId,
  raiseFloors,
  sessionCreated,
  sessionElevated,
  sessionId,
  type Floor,
  type Micros,
  type SessionId,
  type SessionReference,
} from '@signet/contracts';
import { loadKeyring, newKeyring } from '@signet/keys';
import { MeshError, type Requester } from '@signet/messaging';
import { listUnraisedFloors, type Database } from '@signet/persistence';
import { EventFactory, FloorRaiser, ServiceLogger } from '@signet/service';
import { suiteDatabase, type SuiteDatabase } from '@signet/testing';
import type { z } from 'zod';
import { SessionEnding } from '../src/ending/session-ending.js';
import { sessionService } from '../src/index.js';
import { beginSession } from '../src/store/create-session.js';

export interface Begun {
  readonly tenantId: string;
  readonly accountId?: string;
  readonly since?: Micros;
  /** Of what `createSession` is asked; the secret is made of the id. */
  readonly asked?: Partial<z.input<typeof createSession.request>>;
}

/** Session's schema on a database of its own, with a token service that takes every floor. */
export interface SessionDatabase {
  readonly suite: SuiteDatabase;
  readonly database: Database;
  /** Another connection to it, as another replica has. */
  replica(): Promise<Database>;
  readonly ending: SessionEnding;
  readonly events: EventFactory;
  /** What token was asked to raise. */
  readonly floors: Floor[];
  readonly token: { away: boolean };
  /** As superuser, and past the rule that a change is recorded: the statement names `mark` among its tables. */
  meddle(text: string, values?: readonly unknown[]): Promise<unknown>;
  /** What the owner does each second: raises what token has not confirmed. */
  raiseLeft(): Promise<void>;
  begin(session: Begun): Promise<SessionId>;
  /** Why each of these ended; null for one that has not. */
  ends(...sessions: readonly SessionId[]): Promise<(string | null)[]>;
  stop(): Promise<void>;
}

const lifetimes = { idle: 3_600, absolute: 36_000 };

/** The cookie of a session that `begin` has made. */
export const referenceOf = (id: SessionId): SessionReference => ({
  sessionId: id,
  secretHash: Buffer.alloc(32, id).toString('base64url'),
});

export async function sessionDatabase(): Promise<SessionDatabase> {
  const suite = await suiteDatabase({
    services: { session: sessionService.migrations },
    // What has ended is forgotten; its end was recorded.
    unrecorded: {
      // Beside it, that it was seen, and where.
      'session.session': {
        operations: ['delete'],
        columns: ['last_seen_at', 'idle_expires_at', 'user_agent', 'seen_ip'],
      },
      'session.participant': { operations: ['delete'] },
      'session.session_authentication': { operations: ['delete'] },
      // Forgotten, or of a client that is told of nothing; taken by a replica, or put off.
      'session.logout_delivery': { operations: ['delete'], columns: ['next_attempt_at', 'give_up_at'] },
    },
  });
  const replica = () => suite.open('session');
  const database = await replica();
  const events = new EventFactory(loadKeyring(newKeyring()), database.clock);
  const floors: Floor[] = [];
  const token = { away: false };
  const requester = {
    request: (_: unknown, input: unknown) => {
      if (token.away) return Promise.reject(new MeshError('unavailable', 'away'));
      const asked = raiseFloors.request.parse(input);
      floors.push(...asked.floors);
      return Promise.resolve({ raised: asked.floors.length });
    },
  } as unknown as Requester;
  const raiser = new FloorRaiser({
    service: 'session',
    database,
    requester,
    logger: ServiceLogger.root('silent'),
    failpoint: undefined,
  });
  return {
    suite,
    database,
    replica,
    ending: new SessionEnding(database, events, raiser, () => undefined),
    ...{ events, floors, token },
    meddle: (text, values = []) =>
      suite.query(
        `with mark as (select set_config('recording_rule.recorded', pg_current_xact_id()::text, true)) ${text}`,
        values,
      ),
    raiseLeft: async () => {
      const left = await database.execute(listUnraisedFloors, { limit: 100, olderThan: 0 });
      await raiser.raise(left.map(({ id }) => id));
    },
    begin: async ({ tenantId, accountId: account = newId(accountId), since: given, asked }) => {
      await database.pollClock();
      const since = given ?? database.now();
      const id = newId(sessionId);
      const request = createSession.request.parse({
        tenantId,
        clientId: 'shop',
        session: referenceOf(id),
        accountId: account,
        since,
        acr: 'urn:signet:acr:password',
        amr: ['pwd'],
        lifetimes,
        remembered: false,
        context: { actor: 'anonymous' },
        ...asked,
      });
      const about = {
        tenantId: request.tenantId,
        context: request.context,
        data: { acr: request.acr, amr: request.amr },
        aggregate: request.replaces?.sessionId ?? id,
      };
      await database.first(beginSession, {
        request,
        created: events.make(sessionCreated, about),
        elevated: events.make(sessionElevated, about),
      });
      return id;
    },
    ends: async (...sessions) => {
      const rows = await suite.query<{ id: string; reason: string | null }>(
        'select id, end_reason as reason from session.session',
      );
      return sessions.map((id) => {
        const row = rows.find((each) => each.id === id);
        return row ? row.reason : 'forgotten';
      });
    },
    stop: async () => {
      await database.close();
      await suite.drop();
    },
  };
}
