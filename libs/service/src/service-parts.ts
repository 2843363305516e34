import { hostname } from 'node:os';
import { permissions, raiseFloors, type Installation } from '@signet/contracts';
import { EventConsumer, OutboxRelay } from '@signet/messaging';
import { Database } from '@signet/persistence';
import type { ServiceConfiguration } from './configuration/service-configuration.js';
import { DirectoryCopies } from './copies/directory-copies.js';
import type { ServiceDefinition } from './definition.js';
import { EventFactory } from './events/event-factory.js';
import { FailureLog } from './events/failure-log.js';
import { failpointOf } from './failpoint.js';
import { installationOf } from './installation.js';
import { FloorRaiser } from './floors/floor-raiser.js';
import { ErrorFilter } from './http/error-filter.js';
import { LongAnswers } from './http/long-answers.js';
import { RateLimits } from './limits/rate-limits.js';
import { NatsLink } from './nats-link.js';
import { Metrics } from './observability/metrics.js';
import type { ServiceLogger } from './observability/service-logger.js';
import { traceStatements } from './observability/service-spans.js';
import type { Tracing } from './observability/tracing.js';
import { ClientKeys } from './outbound/client-keys.js';
import { AddedAuthorities } from './outbound/added-authorities.js';
import { OutboundFetch } from './outbound/outbound-fetch.js';
import { RemoteJwks } from './outbound/remote-jwks.js';
import type { Hasher } from './passwords/hasher.js';
import type { ServiceParts } from './service-module.js';

/** What the services of one process share. */
export interface ProcessResources {
  readonly logger: ServiceLogger;
  readonly hasher: Hasher;
  /** Absent where no collector is named. */
  readonly tracing?: Pick<Tracing, 'of'> | undefined;
}

/** Makes a service's parts; nothing of them runs yet but the connections. Migrates the schema, so the database must be there. */
export async function openParts(
  definition: ServiceDefinition,
  configuration: ServiceConfiguration,
  { logger: processLogger, hasher, tracing }: ProcessResources,
): Promise<ServiceParts> {
  const { name } = definition;
  const logger = processLogger.child({ service: name });
  const metrics = new Metrics(name);
  const spans = tracing?.of(name);
  const keyring = configuration.keyring.restrictTo([...new Set([...definition.keyring, 'event' as const])]);
  const failpoint = configuration.failpoint && failpointOf(configuration.failpoint);
  const installation = installationOf(configuration.issuer, keyring);
  const link = new NatsLink({
    connect: {
      url: configuration.natsUrl,
      service: name,
      name: `${name}@${hostname()}`,
      tls: configuration.natsTls,
      installation,
      replicas: configuration.natsReplicas,
    },
    logger,
    requests: {
      onSend: (subject) => {
        metrics.requestsSent.inc({ subject });
      },
      onAnswered: (subject, code, milliseconds) => {
        metrics.requesting.observe({ subject, code }, milliseconds / 1_000);
      },
      spans,
    },
    onDenied: (operation) => {
      metrics.natsDenied.inc({ operation });
    },
  });
  try {
    const database = await openDatabase(definition, configuration, { metrics, logger, spans, installation });
    const events = new EventFactory(keyring, database.clock);
    const record = database.record.bind(database);
    return {
      ...{ configuration, logger, metrics, spans, keyring, database, link, events, hasher },
      ...outboundParts(configuration, logger),
      failures: new FailureLog({ record, events, clock: database.clock, logger }),
      copies: new DirectoryCopies({
        requester: link,
        onUse: (kind, outcome) => {
          metrics.copies.inc({ kind, outcome });
        },
      }),
      floors: new FloorRaiser({ service: name, database, requester: link, logger, failpoint }),
      limits: new RateLimits(configuration.rateLimits, undefined, (bucket) => {
        metrics.rateLimited.inc({ bucket });
      }),
      longAnswers: new LongAnswers(),
      errorFilter: new ErrorFilter(logger, configuration, definition.errorPage, definition.errorForm),
    };
  } catch (error) {
    await link.close();
    throw error;
  }
}

function outboundParts(
  { outbound: { allow, authority } }: ServiceConfiguration,
  logger: ServiceLogger,
): Pick<ServiceParts, 'outbound' | 'clientKeys'> {
  const outbound = new OutboundFetch({ allow, ...(authority && { authorities: new AddedAuthorities(authority) }) });
  const remote = new RemoteJwks({
    fetch: outbound.text.bind(outbound),
    monotonic: () => performance.now(),
    onFault: (uri, fault) => {
      logger.warn('jwks_uri.unread', { origin: new URL(uri).origin, fault });
    },
  });
  return { outbound, clientKeys: new ClientKeys(remote) };
}

async function openDatabase(
  { name, migrations, entities }: ServiceDefinition,
  configuration: ServiceConfiguration,
  {
    metrics,
    logger,
    spans,
    installation,
  }: Pick<ServiceParts, 'metrics' | 'logger' | 'spans'> & { readonly installation: Installation },
): Promise<Database> {
  return Database.open({
    url: configuration.databaseUrl,
    connectTimeout: configuration.databasePatience,
    service: name,
    migrations,
    installation,
    ...(entities && { entities }),
    metrics: (statement) => {
      metrics.statements.inc({ statement });
    },
    onWaited: (milliseconds) => {
      metrics.connectionWaits.observe(milliseconds / 1_000);
    },
    trace: spans && traceStatements(spans),
    ...(configuration.failpoint && { failpoint: failpointOf(configuration.failpoint) }),
    outboxMax: configuration.outboxMax,
    logger: logger.pino,
    allowUnsafeDurability: configuration.test,
  });
}

/** Begins what runs beside requests: the relay, the copies' consumer, the raiser of floors, the minute of the failure log. */
export function startBackground({
  link,
  database,
  metrics,
  logger,
  spans,
  copies,
  floors,
  failures,
  configuration,
}: ServiceParts): void {
  const { service } = configuration;
  const failpoint = configuration.failpoint && failpointOf(configuration.failpoint);
  link.use((connection) => {
    const relay = new OutboxRelay({
      connection,
      outbox: database.outbox,
      ...(failpoint && { failpoint }),
      onPublished: (count) => {
        metrics.eventsPublished.inc(count);
      },
      spans,
      log: logger.log,
    });
    relay.start();
    return relay;
  });
  const { consumes, calls } = permissions[service];
  const subjects = consumes.filter((subject) => subject.includes('.directory.'));
  if (subjects.length > 0) {
    const onDeadLetter = metrics.deadLettersOf(service);
    link.use((connection) => {
      const consumer = new EventConsumer({
        connection,
        service,
        durable: undefined,
        subjects,
        handle: (batch) => {
          copies.apply(batch);
          return Promise.resolve(batch.map(() => 'applied' as const));
        },
        ...metrics.ofConsumer(`${service}-copies`),
        onDeadLetter,
        log: logger.log,
      });
      consumer.start();
      return consumer;
    });
  }
  if (calls.includes(raiseFloors)) floors.start();
  failures.start();
}
