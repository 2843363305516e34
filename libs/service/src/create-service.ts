import 'reflect-metadata';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ServiceName } from '@signet/contracts';
import { NatsTransport } from '@signet/messaging';
import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import type { ServiceConfiguration } from './configuration/service-configuration.js';
import type { ServiceDefinition } from './definition.js';
import { failpointOf } from './failpoint.js';
import { healthOf, type Health } from './health.js';
import { fastifyAdapter } from './http/fastify-adapter.js';
import { meshErrorOf } from './http/failure.js';
import type { NatsConnection } from './nats-link.js';
import { measureParts } from './observability/measured-parts.js';
import { ServiceLogger } from './observability/service-logger.js';
import { Hasher } from './passwords/hasher.js';
import { serviceModule, type ServiceParts } from './service-module.js';
import { openParts, startBackground, type ProcessResources } from './service-parts.js';

export interface RunningService {
  readonly name: ServiceName;
  /** Answers one HTTP request. The caller has checked its host and its size. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Started, and not draining. */
  readonly ready: boolean;
  health(): Promise<Health>;
  readonly metrics: Registry;
  /** From now on it is not ready; it goes on answering. */
  drain(): void;
  /** Ends the answers that have no end of their own: HTTP is about to end, and would wait for them. */
  endLongAnswers(): void;
  /** Finishes the requests of other services, then all that runs beside them, then closes its connections. HTTP must have ended. */
  stop(): Promise<void>;
  readonly app: INestApplication;
  /** For composition and tests: what a handler would be injected. */
  readonly parts: ServiceParts;
}

/** Milliseconds that a start waits for NATS, which is mostly there, before it goes on without. */
const natsPatience = 1_000;

/**
 * Starts a service: its schema migrated, its container, its connections, its loops. Touches nothing of the process: no signal, no listener, no global.
 * Needs the database; NATS may come later, but one that refuses us within the first second is a refusal of the start. `resources` are what the services of one process share; without them the service has its own.
 */
export async function createService(
  definition: ServiceDefinition,
  configuration: ServiceConfiguration,
  resources: ProcessResources = { logger: ServiceLogger.root('info'), hasher: new Hasher() },
): Promise<RunningService> {
  const parts = await openParts(definition, configuration, resources);
  const { link, metrics, spans, logger, database } = parts;
  const failpoint = configuration.failpoint && failpointOf(configuration.failpoint);
  let service: Service | undefined;
  try {
    const { adapter, complete } = fastifyAdapter({
      trustedProxies: configuration.trustedProxies,
      metrics,
      spans,
      failpoint,
    });
    const app = await NestFactory.create<NestFastifyApplication>(
      serviceModule(definition, parts),
      adapter,
      // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest's options are a class in name alone
      { bodyParser: false, abortOnError: false, autoFlushLogs: true },
    );
    await app.init();
    const fastify = await complete();
    measureParts(metrics, parts);
    service = new Service(definition.name, app, fastify, parts);
    service.start();
    await Promise.race([link.connected, link.refused, pause(natsPatience, undefined, { ref: false })]);
    if (link.refusal) throw link.refusal;
    logger.info('service.started', { nats: link.isUp });
    return service;
  } catch (error) {
    if (service) await service.stop();
    else await Promise.all([link.close(), database.close()]);
    throw error;
  }
}

class Service implements RunningService {
  #state: 'running' | 'draining' | 'stopped' = 'running';
  #transport: Promise<NatsTransport> | undefined;

  constructor(
    readonly name: ServiceName,
    readonly app: NestFastifyApplication,
    private readonly fastify: FastifyInstance,
    readonly parts: ServiceParts,
  ) {}

  get ready(): boolean {
    return this.#state === 'running';
  }

  get metrics(): Registry {
    return this.parts.metrics.registry;
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    this.fastify.routing(request, response);
  }

  health(): Promise<Health> {
    return healthOf(this.parts, this.ready);
  }

  start(): void {
    this.parts.link.use((connection) => this.#respond(connection));
    startBackground(this.parts);
  }

  drain(): void {
    if (this.#state === 'running') this.#state = 'draining';
  }

  endLongAnswers(): void {
    this.parts.longAnswers.end();
  }

  async stop(): Promise<void> {
    if (this.#state === 'stopped') return;
    this.#state = 'stopped';
    this.endLongAnswers();
    const { link, failures, floors, database, logger } = this.parts;
    await (await this.#transport)?.close();
    // The service's own loops end in its hooks, while the database and NATS are still there for their last turn.
    await this.app.close();
    await floors.stop();
    await failures.stop();
    await link.stopUsers();
    await link.close();
    await database.close();
    logger.info('service.stopped');
  }

  /** The transport is stopped first of all, by `stop` itself. */
  async #respond(connection: NatsConnection): Promise<{ stop: () => Promise<void> }> {
    const { metrics, spans, logger, configuration } = this.parts;
    const transport = new NatsTransport({
      connection,
      service: this.name,
      errorMapper: meshErrorOf,
      ...(configuration.failpoint && { failpoint: failpointOf(configuration.failpoint) }),
      onServed: (subject, code, milliseconds) => {
        metrics.requestsServed.inc({ subject, code });
        metrics.serving.observe({ subject }, milliseconds / 1_000);
      },
      spans,
      log: logger.log,
    });
    this.app.connectMicroservice({ strategy: transport });
    await this.app.startAllMicroservices();
    this.#transport = Promise.resolve(transport);
    return { stop: () => transport.close() };
  }
}
