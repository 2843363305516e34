import { Module } from '@nestjs/common';
import { eventStream, newId, tenantId, type RecordedEvent, type TenantId } from '@signet/contracts';
import { loadKeyring, newKeyring, type Keyring } from '@signet/keys';
import { connectNats, Requester } from '@signet/messaging';
import {
  createService,
  defineService,
  Hasher,
  loadConfiguration,
  serviceConfiguration,
  ServiceLogger,
  type RunningService,
  type ServiceDefinition,
} from '@signet/service';
import { Gate, suiteDatabase, suiteNats, type SuiteDatabase } from '@signet/testing';
import { auditService } from '../src/index.js';

@Module({})
class NothingOfItsOwn {}

/** A service that only records: what every service has is its outbox, its relay and the handler of confirmations. */
const producer = defineService({ name: 'authn', module: NothingOfItsOwn, migrations: [], keyring: [] });

export interface StoredEntry {
  readonly ordinal: number;
  readonly index: number;
  readonly tenant_id: string;
  readonly id: string;
  readonly aggregate: string;
  readonly version: number;
  readonly leaf: Buffer;
}

/** One replica of audit, whose ways to Postgres and NATS can be taken away or frozen. */
export interface Replica {
  readonly service: RunningService;
  readonly postgres: Gate;
  readonly nats: Gate;
  stop(): Promise<void>;
}

/** An event as a broken or hostile producer would have it: any leaf, under any name. */
export interface ForeignEvent {
  readonly id: string;
  readonly subject: string;
  readonly aggregate: string;
  readonly version: number;
  readonly leaf: string;
  readonly personal?: Uint8Array;
}

export interface RunningAudit {
  readonly database: SuiteDatabase;
  readonly keyring: Keyring;
  readonly requester: Requester;
  readonly producer: RunningService;
  readonly tenant: TenantId;
  readonly natsUrl: string;
  /** `settings` by their names. */
  startReplica(settings?: Readonly<Record<string, string>>): Promise<Replica>;
  /** Records at the producer, with its change, as a service does. */
  record(event: RecordedEvent, version?: number): Promise<void>;
  /** In one transaction: as many at once would wait for the few connections of the pool, which none does for longer than a second. */
  recordAll(events: readonly RecordedEvent[]): Promise<void>;
  /** Puts it into the producer's outbox as it is. */
  recordForeign(event: ForeignEvent): Promise<void>;
  /** As if the time had passed after which an unconfirmed event is sent again. */
  sendAgain(): Promise<void>;
  /** Ids that audit has not confirmed. */
  unconfirmed(): Promise<string[]>;
  /** Messages that audit was given, and has neither taken, nor set aside, nor let go of. */
  underWay(): Promise<number>;
  wipeStream(): Promise<void>;
  /** Every event recorded is in the log, and all of the log is signed. */
  signed(): Promise<void>;
  /** In the order of the log. */
  entries(): Promise<StoredEntry[]>;
  stop(): Promise<void>;
}

export async function runAudit(): Promise<RunningAudit> {
  const database = await suiteDatabase({
    services: { audit: auditService.migrations, authn: [] },
    // The log holds other services' events; appending one is no event of its own.
    unrecorded: {
      ...Object.fromEntries(
        [
          ...['writer', 'log_head', 'entry', 'stream', 'aggregate_position', 'subject_key', 'tile'],
          ...['webhook_position', 'webhook_delivery', 'witness_position'],
        ].map((table) => [`audit.${table}`, 'any' as const]),
      ),
      // Derived of the log; that a tree has a key is not.
      'audit.tree': {
        columns: ['private_key', 'size', 'root', 'checkpoint', 'signed_at', 'witnessed_size', 'witnessed'],
      },
      'audit.webhook': { columns: ['failing_since', 'secret', 'previous_secret'] },
      'audit.idempotency_key': { operations: ['delete'] },
    },
  });
  const nats = await suiteNats();
  const keyring = loadKeyring(newKeyring());
  const resources = { logger: ServiceLogger.root('silent'), hasher: new Hasher() };
  const start = (
    definition: ServiceDefinition,
    databaseUrl: string,
    natsUrl: string,
    settings: Readonly<Record<string, string>> = {},
  ): Promise<RunningService> => {
    const { name } = definition;
    const loaded = loadConfiguration(
      { DATABASE_URL: databaseUrl, NATS_URL: natsUrl, SIGNET_TEST: '1', SIGNET_DATABASE_PATIENCE: '3000', ...settings },
      [name],
    );
    if ('faults' in loaded) throw new Error(JSON.stringify(loaded.faults));
    return createService(definition, serviceConfiguration(loaded.ok, name, keyring), resources);
  };
  const connection = await connectNats({ url: nats.url, service: 'test', name: 'test' });
  const recording = await start(producer, database.serviceUrl('authn'), nats.url);
  const tenant = newId(tenantId);
  const replicas = new Set<Replica>();
  return {
    database,
    keyring,
    requester: new Requester({ connection }),
    producer: recording,
    tenant,
    natsUrl: nats.url,
    startReplica: async (settings) => {
      const [postgres, broker] = await Promise.all([Gate.to(addressOf(database.url)), Gate.to(addressOf(nats.url))]);
      const databaseUrl = through(postgres, database.serviceUrl('audit'));
      const service = await start(auditService, databaseUrl, through(broker, nats.url), settings);
      const replica: Replica = {
        service,
        postgres,
        nats: broker,
        stop: async () => {
          if (!replicas.delete(replica)) return;
          await service.stop();
          await Promise.all([postgres.close(), broker.close()]);
        },
      };
      replicas.add(replica);
      return replica;
    },
    record: (event, version) => recording.parts.database.run((tx) => tx.record(event, version)),
    recordAll: (events) =>
      recording.parts.database.run(async (tx) => {
        for (const event of events) await tx.record(event);
      }),
    recordForeign: async ({ id, subject, aggregate, version, leaf, personal }) => {
      await database.query(
        `insert into authn.outbox (id, tenant_id, subject, aggregate, aggregate_version, leaf, personal)
         values ($1, $2, $3, $4, $5, $6, $7)`,
        [id, tenant, subject, aggregate, version, Buffer.from(leaf), personal && Buffer.from(personal)],
      );
    },
    sendAgain: async () => {
      await database.query(`update authn.outbox set sent_at = sent_at - interval '1 minute'`);
    },
    unconfirmed: async () => (await database.query<{ id: string }>('select id from authn.outbox')).map(({ id }) => id),
    underWay: async () => {
      const answer = await connection.request(`$JS.API.CONSUMER.INFO.${eventStream}.audit`);
      return answer.json<{ num_ack_pending: number }>().num_ack_pending;
    },
    wipeStream: async () => {
      await connection.request(`$JS.API.STREAM.DELETE.${eventStream}`);
    },
    signed: () =>
      until(async () => {
        const left = await database.query(`select from authn.outbox union all select from audit.outbox union all
          select from audit.log_head head left join audit.tree using (tenant_id) where head.size > coalesce(tree.size, 0)`);
        return left.length === 0;
      }),
    entries: () =>
      database.query<StoredEntry & { [column: string]: unknown }>(
        `select ordinal::int, index::int, tenant_id, id, aggregate, aggregate_version::int as version, leaf
         from audit.entry order by ordinal`,
      ),
    stop: async () => {
      for (const replica of [...replicas]) await replica.stop();
      await recording.stop();
      await connection.close();
      await nats.stop();
      await database.drop();
    },
  };
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

/** Milliseconds: above every wait that the service itself knows, below a test's limit. */
const patience = 15_000;

/** Asks again until `condition` holds. Throws where it does not come to. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + patience;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error('it did not come to be');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
