import { createServer, type Server, type ServerResponse } from 'node:http';
import { AggregatorRegistry, Registry } from 'prom-client';
import type { RunningService } from '../create-service.js';
import { measureProcess } from '../observability/process-metrics.js';
import type { Hasher } from '../passwords/hasher.js';
import type { Certificates } from './certificates.js';
import { ownAddresses } from './own-addresses.js';

export interface ManagementOptions {
  /** Addresses, and networks in which the process has one. */
  readonly hosts: readonly string[];
  readonly port: number;
  /** Those that have started so far. */
  readonly services: () => readonly RunningService[];
  /** Started and not draining. */
  readonly ready: () => boolean;
  readonly hasher: Hasher;
  readonly certificates?: Pick<Certificates, 'expiries'>;
}

/** Milliseconds that a look at the dependencies may take. */
const patience = 2_000;
const noAnswer = 'no answer';

/** Health and metrics, on a port of their own, without a Host rule. */
export class Management {
  readonly #servers: Server[] = [];
  readonly #process = new Registry();

  constructor(private readonly options: ManagementOptions) {
    measureProcess(this.#process, options.hasher, options.certificates);
  }

  async listen(): Promise<void> {
    const { hosts, port } = this.options;
    await Promise.all(ownAddresses(hosts).map((host) => this.#listenOn(host, port)));
  }

  async close(): Promise<void> {
    await Promise.all(
      this.#servers.map(async (server) => {
        server.closeAllConnections();
        await new Promise<void>((resolve) => {
          server.close(() => {
            resolve();
          });
        });
      }),
    );
  }

  async #listenOn(host: string, port: number): Promise<void> {
    const server = createServer({ requestTimeout: 5_000, headersTimeout: 5_000 }, (request, response) => {
      this.#answer((request.url ?? '').split('?')[0] ?? '', response).catch(() => {
        reply(response, 500, 'text/plain', 'error\n');
      });
    });
    this.#servers.push(server);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => {
        server.off('error', reject);
        resolve();
      });
    });
  }

  async #answer(path: string, response: ServerResponse): Promise<void> {
    switch (path) {
      case '/livez':
        reply(response, 200, 'text/plain', 'ok\n');
        break;
      case '/readyz':
        if (this.options.ready()) reply(response, 200, 'text/plain', 'ready\n');
        else reply(response, 503, 'text/plain', 'not ready\n');
        break;
      case '/health':
        reply(response, 200, 'application/json', JSON.stringify(await this.#health()));
        break;
      case '/metrics':
        reply(response, 200, Registry.PROMETHEUS_CONTENT_TYPE, await this.#metrics());
        break;
      default:
        reply(response, 404, 'text/plain', 'not found\n');
    }
  }

  async #health(): Promise<object> {
    const services = await Promise.all(
      this.options.services().map(async (service) => [service.name, await within(patience, service.health())] as const),
    );
    return { ready: this.options.ready(), services: Object.fromEntries(services) };
  }

  /**
   * One exposition of all registries: a metric that several services have appears once, with their names as labels. A registry
   * that cannot say is left out, so that the others are still heard.
   */
  async #metrics(): Promise<string> {
    const registries = [this.#process, ...this.options.services().map(({ metrics }) => metrics)];
    const answers = registries.map((registry) => within(patience, registry.getMetricsAsJSON()).catch(() => noAnswer));
    const values = (await Promise.all(answers)).filter((value) => typeof value !== 'string');
    return AggregatorRegistry.aggregate(values).metrics();
  }
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T | typeof noAnswer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof noAnswer>((resolve) => {
    timer = setTimeout(() => {
      resolve(noAnswer);
    }, milliseconds);
  });
  return Promise.race([work, late]).finally(() => {
    clearTimeout(timer);
  });
}

function reply(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(text);
}
