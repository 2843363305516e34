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
} from '@signet/contracts';
import { loadKeyring, newKeyring } from '@signet/keys';
import type { Requester } from '@signet/messaging';
import { Database } from '@signet/persistence';
import { EventFactory, FloorRaiser, ServiceLogger } from '@signet/service';
import { suiteDatabase, type SuiteDatabase } from '@signet/testing';
import { SessionEnding } from '../src/ending/session-ending.js';
import { sessionService } from '../src/index.js';
import { beginSession } from '../src/store/create-session.js';

export interface Begun {
  readonly tenantId: string;
  readonly accountId?: string;
  readonly since?: Micros;
}

/** Session's schema on a database of its own, with a token service that takes every floor. */
export interface SessionDatabase {
  readonly suite: SuiteDatabase;
  readonly database: Database;
  readonly ending: SessionEnding;
  /** What token was asked to raise. */
  readonly floors: Floor[];
  begin(session: Begun): Promise<SessionId>;
  /** Why each of these ended; null for one that has not. */
  ends(...sessions: readonly SessionId[]): Promise<(string | null)[]>;
  stop(): Promise<void>;
}

const lifetimes = { idle: 3_600, absolute: 36_000 };

export async function sessionDatabase(): Promise<SessionDatabase> {
  const suite = await suiteDatabase({
    services: { session: sessionService.migrations },
    // What has ended is forgotten; its end was recorded.
    unrecorded: { 'session.session': { operations: ['delete'] }, 'session.participant': { operations: ['delete'] } },
  });
  const database = await Database.open({
    url: suite.serviceUrl('session'),
    service: 'session',
    allowUnsafeDurability: true,
    background: false,
  });
  const events = new EventFactory(loadKeyring(newKeyring()), database.clock);
  const floors: Floor[] = [];
  const requester = {
    request: (_: unknown, input: unknown) => {
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
    ending: new SessionEnding(database, events, raiser),
    floors,
    begin: async ({ tenantId, accountId: account = newId(accountId), since = database.now() }) => {
      const id = newId(sessionId);
      const request = createSession.request.parse({
        tenantId,
        clientId: 'shop',
        session: { sessionId: id, secretHash: Buffer.alloc(32, id).toString('base64url') },
        accountId: account,
        since,
        acr: 'urn:signet:acr:password',
        amr: ['pwd'],
        lifetimes,
        context: { actor: 'anonymous' },
      });
      const about = {
        tenantId: request.tenantId,
        context: request.context,
        data: { acr: request.acr, amr: request.amr },
        aggregate: id,
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
