import type { Principal, ServiceName } from '@signet/contracts';
import { loadKeyring, newKeyring } from '@signet/keys';
import { connectNats, Requester } from '@signet/messaging';
import {
  loadConfiguration,
  ServiceLogger,
  startPlane,
  takeOverNestLog,
  type RunningPlane,
  type ServiceDefinition,
} from '@signet/service';
import { freePort } from './embedded-servers.js';
import { Gate } from './gate.js';
import type { UnrecordedChanges } from './recording-rule.js';
import { suiteDatabase, type SuiteDatabase } from './suite-database.js';
import { suiteNats, type SuiteNats } from './suite-nats.js';

export interface MeshOptions {
  readonly services: readonly ServiceDefinition[];
  /** Further processes: each list is started behind a listener of its own, with the same issuer, database and NATS. */
  readonly replicas?: readonly (readonly ServiceDefinition[])[];
  /** Settings by their names, over those of the mesh: `{ SIGNET_RATE_LIMITS: 'off' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Changes that need no event, by `service.table`; see installRecordingRule. */
  readonly unrecorded?: UnrecordedChanges;
  /** False: the services start while NATS is away, until `startNats`. */
  readonly natsAtStart?: boolean;
  /** The log of all services on the standard output. Default silent. */
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

/** One process of the mesh, as it would run apart; here they share the test's. Its ways to Postgres and NATS are its own. */
export interface MeshProcess {
  /** `http://localhost:<port>` */
  readonly origin: string;
  readonly running: RunningPlane;
  readonly postgres: Gate;
  readonly nats: Gate;
}

export interface Mesh {
  /** Of the first process; also the issuer. */
  readonly origin: string;
  readonly running: RunningPlane;
  /** The first process, then the replicas in their order. */
  readonly processes: readonly MeshProcess[];
  readonly database: SuiteDatabase;
  /** Sends requests as this principal, with its permissions and no others. */
  requester(principal: Principal): Promise<Requester>;
  /** Takes Postgres, or NATS, away from every process, and gives it back. The test itself still reaches it. */
  stopPostgres(): Promise<void>;
  startPostgres(): Promise<void>;
  stopNats(): Promise<void>;
  startNats(): Promise<void>;
  stop(): Promise<void>;
}

export async function startMesh(options: MeshOptions): Promise<Mesh> {
  const groups = [options.services, ...(options.replicas ?? [])];
  const definitions = new Map(groups.flat().map((definition) => [definition.name, definition]));
  const [database, nats, port] = await Promise.all([
    suiteDatabase({
      services: Object.fromEntries([...definitions.values()].map(({ name, migrations }) => [name, migrations])),
      ...(options.unrecorded && { unrecorded: options.unrecorded }),
    }),
    suiteNats({ services: ['authn', 'token', 'session', 'directory', 'audit', 'operator'] }),
    freePort(),
  ]);
  const logger = ServiceLogger.root(options.logLevel ?? 'silent');
  takeOverNestLog(logger);
  const natsAtStart = options.natsAtStart ?? true;
  const shared = {
    database,
    nats,
    natsAtStart,
    logger,
    keyring: loadKeyring(newKeyring()),
    issuer: `http://localhost:${port}`,
  };
  const settings = options.settings ?? {};
  const results = await Promise.allSettled(
    groups.map((group, index) => startProcess(group, index === 0 ? port : 0, settings, shared)),
  );
  const processes = results.filter((result) => result.status === 'fulfilled').map(({ value }) => value);
  const [first] = processes;
  const connections: { close(): Promise<void> }[] = [];
  const stop = async () => {
    await Promise.all(connections.map((connection) => connection.close()));
    await Promise.all(processes.map(({ running }) => running.stop()));
    await Promise.all(processes.flatMap((one) => [one.postgres.close(), one.nats.close()]));
    await Promise.all([database.drop(), nats.stop()]);
  };
  const failed = results.find((result) => result.status === 'rejected');
  if (failed || !first) {
    await stop();
    throw failed?.reason;
  }
  return {
    origin: first.origin,
    running: first.running,
    processes,
    database,
    requester: async (principal) => {
      const connection = await connectNats({ url: nats.serviceUrl(principal), service: principal, name: 'test' });
      connections.push(connection);
      return new Requester({ connection });
    },
    stopPostgres: () => all(processes.map(({ postgres }) => postgres.close())),
    startPostgres: () => all(processes.map(({ postgres }) => postgres.open())),
    stopNats: () => all(processes.map((one) => one.nats.close())),
    startNats: () => all(processes.map((one) => one.nats.open())),
    stop,
  };
}

const all = async (work: readonly Promise<void>[]): Promise<void> => {
  await Promise.all(work);
};

interface Shared {
  readonly database: SuiteDatabase;
  readonly nats: SuiteNats;
  readonly natsAtStart: boolean;
  readonly logger: ServiceLogger;
  readonly keyring: ReturnType<typeof loadKeyring>;
  readonly issuer: string;
}

async function startProcess(
  definitions: readonly ServiceDefinition[],
  port: number,
  settings: Readonly<Record<string, string>>,
  { database, nats, natsAtStart, logger, keyring, issuer }: Shared,
): Promise<MeshProcess> {
  const names = definitions.map(({ name }) => name);
  const gates = {
    postgres: await Gate.to(addressOf(database.url)),
    nats: await Gate.to(addressOf(nats.url)),
  };
  if (!natsAtStart) await gates.nats.close();
  const perService = names.flatMap((name: ServiceName) => [
    [`DATABASE_URL_${name.toUpperCase()}`, through(gates.postgres, database.serviceUrl(name))],
    [`NATS_URL_${name.toUpperCase()}`, through(gates.nats, nats.serviceUrl(name))],
  ]);
  const loaded = loadConfiguration(
    {
      PORT: String(port),
      SIGNET_ISSUER: issuer,
      SIGNET_MANAGEMENT_PORT: '0',
      SIGNET_TEST: '1',
      ...(Object.fromEntries(perService) as Record<string, string>),
      ...settings,
    },
    names,
  );
  if ('faults' in loaded) throw new Error(loaded.faults.map(({ name, reason }) => `${name} ${reason}`).join('\n'));
  const running = await startPlane(definitions, loaded.ok, { keyring: () => Promise.resolve(keyring), logger });
  running.open();
  return { origin: running.origin, running, ...gates };
}

function addressOf(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}

function through(gate: Gate, url: string): string {
  const changed = new URL(url);
  changed.hostname = '127.0.0.1';
  changed.port = String(gate.port);
  return changed.href;
}
