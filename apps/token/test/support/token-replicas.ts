import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { findPublicKeys, newId, tenantId, type Request, type Tenant } from '@signet/contracts';
import { loadKeyring, newKeyring, type Keyring } from '@signet/keys';
import { connectNats, MeshError, Requester } from '@signet/messaging';
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
import { tokenService } from '../../src/index.js';
import { eventually } from './eventually.js';
import { DirectoryContent, serveDirectory } from './fake-directory.js';
import { unrecorded } from './unrecorded.js';

export const issuer = 'http://localhost:3000';

/** One replica, with a listener of its own. */
export interface Replica {
  readonly service: RunningService;
  readonly origin: string;
  /** Statements since the last call, by name; less those that run by themselves. */
  statements(): Promise<Record<string, number>>;
  /** Messages sent since the last call, by subject. */
  messages(): Promise<Record<string, number>>;
  stop(): Promise<void>;
}

export interface TokenReplicas {
  readonly database: SuiteDatabase;
  readonly directory: DirectoryContent;
  readonly keyring: Keyring;
  readonly requester: Requester;
  readonly replicas: readonly [Replica, Replica];
  start(databaseUrl?: string): Promise<Replica>;
  ask<Q extends z.ZodType, A extends z.ZodType>(contract: Request<Q, A>, input: z.input<Q>): Promise<z.output<A>>;
  recorded(type: string, tenant?: Tenant): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
}

/** Runs by itself, whatever is asked. */
const background =
  /^(?:token\.(?:floor\.(?:poll|redate-left)|key\.read|family\.lock-expired|.*\.forget)|persistence\.|service\.)/;

/** Two replicas of token on one database, with a directory that says what a test wants, and settings beside the usual ones. */
export async function runTokenReplicas(settings: Readonly<Record<string, string>> = {}): Promise<TokenReplicas> {
  const database = await suiteDatabase({ services: { token: tokenService.migrations }, unrecorded });
  const nats = await suiteNats();
  const keyring = loadKeyring(newKeyring());
  const configurationAt = (databaseUrl: string) => {
    const own = { DATABASE_URL: databaseUrl, NATS_URL: nats.url, SIGNET_TEST: '1', SIGNET_ISSUER: issuer };
    const environment = { ...own, SIGNET_LISTEN: '127.0.0.1', SIGNET_DATABASE_PATIENCE: '5000', ...settings };
    const loaded = loadConfiguration(environment, ['token']);
    if ('faults' in loaded) throw new Error(JSON.stringify(loaded.faults));
    return serviceConfiguration(loaded.ok, 'token', keyring);
  };
  const connection = await connectNats({ url: nats.url, service: 'test', name: 'test' });
  const directory = new DirectoryContent();
  const fake = await serveDirectory(directory, connection);
  const hasher = new Hasher();
  const started: Replica[] = [];
  const start = async (databaseUrl = database.serviceUrl('token')): Promise<Replica> => {
    const resources = { logger: ServiceLogger.root('silent'), hasher };
    const service = await createService(tokenService, configurationAt(databaseUrl), resources);
    const replica = await listening(service);
    started.push(replica);
    return replica;
  };
  const requester = new Requester({ connection });
  const replicas = [await start(), await start()] as const;
  const served = () =>
    requester.request(findPublicKeys, { tenantId: newId(tenantId) }).catch((error: unknown) => isNotFound(error));
  if (!(await eventually(async () => (await served()) !== false))) throw new Error('token never answered');
  return {
    database,
    directory,
    keyring,
    requester,
    replicas,
    start,
    ask: (contract, input) => requester.request(contract, input),
    recorded: async (type, tenant) => {
      const rows = await database.query<{ leaf: Buffer }>('select leaf from token.outbox order by id');
      const leaves = rows.map(({ leaf }) => JSON.parse(leaf.toString('utf8')) as Record<string, unknown>);
      return leaves.filter((leaf) => leaf['type'] === type && (tenant === undefined || leaf['tenant'] === tenant.id));
    },
    stop: async () => {
      for (const replica of started) await replica.stop();
      await fake.close();
      await connection.close();
      await nats.stop();
      await database.drop();
    },
  };
}

/** It answers, and says that there is no such tenant. */
const isNotFound = (error: unknown): boolean => error instanceof MeshError && error.code === 'not_found';

async function listening(service: RunningService): Promise<Replica> {
  const server: Server = createServer((request, response) => {
    service.handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const statements = counting(service, 'signet_database_statements_total', 'statement');
  const messages = counting(service, 'signet_requests_sent_total', 'subject');
  let stopped: Promise<void> | undefined;
  return {
    service,
    origin: `http://127.0.0.1:${port}`,
    statements,
    messages,
    stop: () => {
      stopped ??= (async () => {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
        await service.stop();
      })();
      return stopped;
    },
  };
}

function counting(service: RunningService, metric: string, label: string): () => Promise<Record<string, number>> {
  let before: Record<string, number> = {};
  return async () => {
    const now: Record<string, number> = {};
    const values = (await service.metrics.getSingleMetric(metric)?.get())?.values ?? [];
    for (const { labels, value } of values) {
      const name = String((labels as Record<string, string>)[label]);
      if (!background.test(name)) now[name] = value;
    }
    const since = Object.entries(now).map(([name, value]) => [name, value - (before[name] ?? 0)] as const);
    before = now;
    return Object.fromEntries(since.filter(([, count]) => count > 0));
  };
}
