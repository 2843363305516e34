import { setTimeout as pause } from 'node:timers/promises';
import type { ServiceName } from '@signet/contracts';
import type { Keyring } from '@signet/keys';
import { DatabaseUnavailable } from '@signet/persistence';
import type { Configuration } from '../configuration/configuration.js';
import { serviceConfiguration } from '../configuration/service-configuration.js';
import { createService, type RunningService } from '../create-service.js';
import type { ServiceDefinition } from '../definition.js';
import type { ServiceLogger } from '../observability/service-logger.js';
import { Hasher } from '../passwords/hasher.js';
import type { ProcessResources } from '../service-parts.js';
import { Certificates, type WatchedPair } from './certificates.js';
import { Listener } from './listener.js';
import { Management } from './management.js';
import { isRefusal } from './refusal.js';

/** The services of one process behind its listener. */
export interface RunningPlane {
  /** Where the listener is, by its port: `http://localhost:3000`. Not the issuer, where a proxy stands in front. */
  readonly origin: string;
  readonly port: number;
  readonly services: readonly RunningService[];
  /** All of it, as it was opened. */
  readonly keyring: Keyring;
  service(name: ServiceName): RunningService;
  /** Started, and not draining. */
  readonly ready: boolean;
  /** Says that it is ready; until then `/readyz` says that it is not. */
  open(): void;
  /** Looks at once whether there are other certificates to show. */
  reload(): void;
  /** Loses no request: see the stop order in ARCHITECTURE.md. Safe to call twice. */
  stop(): Promise<void>;
}

export interface PlaneOptions {
  /** Opened once ports are taken, while `/livez` answers already: it may wait for a key management service. */
  readonly keyring: () => Promise<Keyring>;
  readonly logger: ServiceLogger;
  readonly tracing?: ProcessResources['tracing'];
  /** Gives up waiting for a database that is away. */
  readonly signal?: AbortSignal;
}

/** Who is asked by others stops after them. */
const stopOrder: readonly ServiceName[] = ['authn', 'session', 'token', 'directory', 'audit'];

/**
 * Starts services behind one listener. Looks for the ports first, so that a taken one is known at once, and waits for a database that is away. Rejects, with
 * everything stopped again, where a service cannot start. Owns no signal and never ends the process.
 */
export async function startPlane(
  definitions: readonly ServiceDefinition[],
  configuration: Configuration,
  options: PlaneOptions,
): Promise<RunningPlane> {
  const plane = new Plane(configuration, options);
  try {
    await plane.start(definitions);
  } catch (error) {
    await plane.stop();
    throw error;
  }
  return plane;
}

class Plane implements RunningPlane {
  readonly services: RunningService[] = [];
  readonly #hasher = new Hasher();
  readonly #listener: Listener;
  readonly #management: Management | undefined;
  readonly #certificates: Certificates;
  #state: 'starting' | 'open' | 'stopping' = 'starting';
  #stopping: Promise<void> | undefined;
  #keyring: Keyring | undefined;
  port = 0;

  constructor(
    private readonly configuration: Configuration,
    private readonly options: PlaneOptions,
  ) {
    this.#listener = new Listener(configuration);
    this.#certificates = new Certificates(watchedPairs(configuration, this.#listener), options.logger);
    this.#management =
      configuration.management &&
      new Management({
        ...configuration.management,
        services: () => this.services,
        ready: () => this.ready,
        hasher: this.#hasher,
        certificates: this.#certificates,
      });
  }

  get ready(): boolean {
    return this.#state === 'open' && this.services.every(({ ready }) => ready);
  }

  get keyring(): Keyring {
    if (!this.#keyring) throw new Error('the keyring is not open yet');
    return this.#keyring;
  }

  get origin(): string {
    return `${this.configuration.tls ? 'https' : 'http'}://localhost:${this.port}`;
  }

  service(name: ServiceName): RunningService {
    const found = this.services.find((service) => service.name === name);
    if (!found) throw new Error(`${name} does not run in this process`);
    return found;
  }

  async start(definitions: readonly ServiceDefinition[]): Promise<void> {
    this.port = await this.#listener.reserve();
    await this.#management?.listen();
    this.#certificates.start();
    this.#keyring = await this.options.keyring();
    const results = await Promise.allSettled(
      definitions.map(async (definition) => {
        this.services.push(await this.#startService(definition));
      }),
    );
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    await this.#listener.serve(
      this.port,
      new Map(this.services.map((service) => [service.name, service.handle.bind(service)] as const)),
    );
  }

  open(): void {
    if (this.#state === 'starting') this.#state = 'open';
  }

  reload(): void {
    this.#certificates.look();
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    const wasOpen = this.#state === 'open';
    this.#state = 'stopping';
    this.#certificates.stop();
    for (const service of this.services) service.drain();
    const half = wasOpen ? this.configuration.drain * 500 : 0;
    await pause(half);
    await this.#listener.leave();
    await pause(half);
    for (const service of this.services) service.endLongAnswers();
    await this.#listener.close();
    const order = (name: ServiceName) => stopOrder.indexOf(name);
    for (const service of [...this.services].sort((a, b) => order(a.name) - order(b.name))) await service.stop();
    await this.#hasher.end();
    await this.#management?.close();
  }

  async #startService(definition: ServiceDefinition): Promise<RunningService> {
    const { logger, tracing, signal } = this.options;
    const configuration = serviceConfiguration(this.configuration, definition.name, this.keyring);
    for (;;) {
      try {
        return await createService(definition, configuration, { logger, hasher: this.#hasher, tracing });
      } catch (error) {
        if (!(error instanceof DatabaseUnavailable) || isRefusal(error) || signal?.aborted) throw error;
        logger.warn('database.waiting', { service: definition.name, reason: error.reason });
        await pause(500, undefined, signal ? { signal } : {});
      }
    }
  }
}

function watchedPairs({ tls, natsTls: { certFile, keyFile } }: Configuration, listener: Listener): WatchedPair[] {
  const use = listener.use.bind(listener);
  return [
    ...(tls ? [{ name: 'edge' as const, ...tls, take: use }] : []),
    // The client of NATS reads them itself, at each connecting.
    ...(certFile !== undefined && keyFile !== undefined
      ? [{ name: 'nats' as const, certificate: certFile, key: keyFile }]
      : []),
  ];
}
