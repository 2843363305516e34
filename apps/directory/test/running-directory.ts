import { raiseFloors, type Floor } from '@signet/contracts';
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
import { directoryService } from '../src/index.js';

/** The directory as a process runs it, with a token service beside it that only takes floors. */
export interface RunningDirectory {
  readonly service: RunningService;
  readonly database: SuiteDatabase;
  /** Asks as another service would. */
  readonly requester: Requester;
  readonly token: FloorTaker;
  readonly keyring: Keyring;
  /** Ends the process as a crash would leave it, and starts another one. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface FloorTaker {
  readonly floors: Floor[];
  /** Set while nobody is to answer for token. */
  away: boolean;
}

export async function runDirectory(environment: Readonly<Record<string, string>> = {}): Promise<RunningDirectory> {
  const database = await suiteDatabase({
    services: { directory: directoryService.migrations },
    unrecorded: { 'directory.configuration_plan': 'any', 'directory.declared_object': 'any' },
  });
  const nats = await suiteNats();
  const loaded = loadConfiguration(
    { DATABASE_URL: database.serviceUrl('directory'), NATS_URL: nats.url, SIGNET_TEST: '1', ...environment },
    ['directory'],
  );
  if ('faults' in loaded) throw new Error(JSON.stringify(loaded.faults));
  const keyring = loadKeyring(newKeyring());
  const configuration = serviceConfiguration(loaded.ok, 'directory', keyring);
  const resources = { logger: ServiceLogger.root('silent'), hasher: new Hasher() };
  const connection = await connectNats({ url: nats.url, service: 'test', name: 'test' });
  const token: FloorTaker = { floors: [], away: false };
  connection.subscribe(raiseFloors.subject, {
    callback: (_, message) => {
      if (token.away) return;
      const { floors } = raiseFloors.request.parse(message.json());
      token.floors.push(...floors);
      message.respond(JSON.stringify({ raised: floors.length }));
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
