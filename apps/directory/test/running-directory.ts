import { checkAccessToken, raiseFloors, type Floor } from '@signet/contracts';
import { loadKeyring, newKeyring, type Keyring } from '@signet/keys';
import { connectNats, Requester } from '@signet/messaging';
import {
  createService,
  Hasher,
  loadConfiguration,
  serviceConfiguration,
  ServiceLogger,
  type RunningService,
} from '@signet/service';
import { suiteDatabase, suiteNats, type SuiteDatabase } from '@signet/testing';
import type { z } from 'zod';
import { directoryService } from '../src/index.js';

/** The directory as a process runs it, with a token service beside it that takes floors and knows some access tokens. */
export interface RunningDirectory {
  readonly service: RunningService;
  readonly database: SuiteDatabase;
  /** Asks as another service would. */
  readonly requester: Requester;
  readonly token: FloorTaker;
  readonly keyring: Keyring;
  /** Another service's, to answer on. */
  readonly connection: Awaited<ReturnType<typeof connectNats>>;
  /** Ends the process as a crash would leave it, and starts another one. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface FloorTaker {
  readonly floors: Floor[];
  /** Set while nobody is to answer for token. */
  away: boolean;
  /** What it says of access tokens; others are refused. */
  readonly accessTokens: Map<string, CheckedToken>;
}

export type CheckedToken = z.input<typeof checkAccessToken.response>;

const unknownToken: CheckedToken = {
  ...{ outcome: 'refused', tenantId: null, status: 401, error: 'invalid_token', errorDescription: 'It is not valid' },
  ...{ headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' }, reason: 'unknown' },
};

export async function runDirectory(environment: Readonly<Record<string, string>> = {}): Promise<RunningDirectory> {
  const database = await suiteDatabase({
    services: { directory: directoryService.migrations },
    unrecorded: {
      'directory.configuration_plan': 'any',
      'directory.declared_object': 'any',
      // Sealed anew: the same secret.
      'directory.client_secret': { columns: ['sealed'] },
      'directory.idempotency_key': { operations: ['delete'] },
      // That a service has forgotten; it records it itself.
      'directory.unforgotten': { operations: ['delete'], columns: ['floors_seen_at'] },
    },
  });
  const nats = await suiteNats();
  const loaded = loadConfiguration(
    {
      ...{ DATABASE_URL: database.serviceUrl('directory'), NATS_URL: nats.url, SIGNET_TEST: '1' },
      SIGNET_LISTEN: '127.0.0.1',
      ...{ SIGNET_DATABASE_PATIENCE: '15000', ...environment },
    },
    ['directory'],
  );
  if ('faults' in loaded) throw new Error(JSON.stringify(loaded.faults));
  const keyring = loadKeyring(newKeyring());
  const configuration = serviceConfiguration(loaded.ok, 'directory', keyring);
  const resources = { logger: ServiceLogger.root('silent'), hasher: new Hasher() };
  const connection = await connectNats({ url: nats.url, service: 'test', name: 'test' });
  const token: FloorTaker = { floors: [], away: false, accessTokens: new Map() };
  connection.subscribe(raiseFloors.subject, {
    callback: (_, message) => {
      if (token.away) return;
      const { floors } = raiseFloors.request.parse(message.json());
      token.floors.push(...floors);
      message.respond(JSON.stringify({ raised: floors.length }));
    },
  });
  connection.subscribe(checkAccessToken.subject, {
    callback: (_, message) => {
      if (token.away) return;
      const asked = checkAccessToken.request.parse(message.json());
      message.respond(JSON.stringify(token.accessTokens.get(asked.token) ?? unknownToken));
    },
  });
  let service = await createService(directoryService, configuration, resources);
  return {
    get service() {
      return service;
    },
    database,
    requester: new Requester({ connection }),
    token,
    keyring,
    connection,
    restart: async () => {
      await service.stop();
      service = await createService(directoryService, configuration, resources);
    },
    stop: async () => {
      await service.stop();
      await connection.close();
      await nats.stop();
      await database.drop();
    },
  };
}
