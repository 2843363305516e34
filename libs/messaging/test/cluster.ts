import type { NatsConnection } from '@nats-io/transport-node';
import { permissions, type Principal } from '@signet/contracts';
import { connectNats, natsServerConfig } from '../src/index.js';
import { freePort, throwawayNats } from './embedded-servers.js';

const names = ['one', 'two', 'three'] as const;
const principals = Object.keys(permissions) as Principal[];
const users = Object.fromEntries(principals.map((name) => [name, { password: 'of a test' }]));

/** Three nats-servers that are one, with the users and permissions that are shipped. */
export class Cluster {
  readonly #connections: NatsConnection[] = [];

  private constructor(private readonly servers: readonly Awaited<ReturnType<typeof throwawayNats>>[]) {}

  static async start(): Promise<Cluster> {
    const routes = await Promise.all(names.map(() => freePort()));
    const shipped = JSON.parse(natsServerConfig({ services: users })) as object;
    return new Cluster(
      await Promise.all(
        names.map((server_name, index) =>
          throwawayNats({
            config: {
              ...{ ...shipped, server_name },
              cluster: {
                name: 'spec',
                listen: `127.0.0.1:${routes[index]}`,
                routes: routes.map((port) => `nats://127.0.0.1:${port}`),
              },
            },
          }),
        ),
      ),
    );
  }

  /** Closed with the cluster. */
  async connect(service: Principal, replicas?: number): Promise<NatsConnection> {
    const url = this.servers.map(({ port }) => `nats://${service}:of%20a%20test@127.0.0.1:${port}`).join();
    const connection = await connectNats({ url, service, replicas, name: 'spec', waitOnFirstConnect: false });
    this.#connections.push(connection);
    return connection;
  }

  /** By its name, as it says itself that it ends. */
  async halt(name: string): Promise<void> {
    await this.servers[names.findIndex((one) => one === name)]?.halt();
  }

  get names(): readonly string[] {
    return names;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#connections.map((connection) => connection.close()));
    await Promise.all(this.servers.map((server) => server.stop()));
  }
}
