import { rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import { connectNats } from '../src/index.js';
import { type EmbeddedServer, startNats, throwawayNats } from './embedded-servers.js';

/** A nats-server that a test may kill and bring back on the same port. */
export class Broker {
  readonly #connections: NatsConnection[] = [];
  #again: EmbeddedServer | undefined;

  private constructor(
    private readonly first: Awaited<ReturnType<typeof throwawayNats>>,
    private readonly config: string | undefined,
  ) {}

  static async start(config?: string): Promise<Broker> {
    return new Broker(await throwawayNats(config === undefined ? {} : { config }), config);
  }

  get url(): string {
    return this.first.url;
  }

  /** Closed with the broker. */
  async connect(service = 'token', user?: { name: string; password: string }): Promise<NatsConnection> {
    const url = new URL(this.url);
    if (user) Object.assign(url, { username: user.name, password: user.password });
    const connection = await connectNats({ url: url.href, service, name: service, waitOnFirstConnect: false });
    this.#connections.push(connection);
    return connection;
  }

  async kill(): Promise<void> {
    await (this.#again ?? this.first).kill();
  }

  /** With `wipe`, JetStream's storage is gone. */
  async restart({ wipe = false } = {}): Promise<void> {
    await this.kill();
    if (wipe) rmSync(path.join(this.first.directory, 'streams'), { recursive: true });
    this.#again = await startNats({
      directory: this.first.directory,
      port: this.first.port,
      ...(this.config !== undefined && { config: this.config }),
    });
  }

  async stop(): Promise<void> {
    await Promise.all(this.#connections.map((connection) => connection.close()));
    await this.#again?.stop();
    await this.first.stop();
  }
}

/** Waits until `check` holds; fails with what it was waiting for. */
export async function eventually(
  what: string,
  check: () => boolean | Promise<boolean>,
  within = 15_000,
): Promise<void> {
  const deadline = Date.now() + within;
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error(`not within ${within} ms: ${what}`);
    await delay(10);
  }
}
