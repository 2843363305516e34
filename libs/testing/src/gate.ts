import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from './embedded-servers.js';

/** A way to a TCP server that a test can close, as an outage does, or freeze, as a partition does. */
export class Gate {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #frozen = false;

  private constructor(private readonly target: { host: string; port: number }) {
    this.#server = createServer((client) => {
      this.#join(client, connect(this.target));
    });
  }

  static async to(target: { host: string; port: number }): Promise<Gate> {
    const gate = new Gate(target);
    // It comes back on the same port, which nobody may have taken meanwhile.
    await gate.#listen(await freePort());
    return gate;
  }

  get port(): number {
    return this.#port;
  }

  #port = 0;

  /** Breaks every connection and refuses new ones. Safe to call twice. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /** After close(), on the same port. */
  async open(): Promise<void> {
    this.#frozen = false;
    await this.#listen(this.#port);
  }

  /** Connections stand, new ones are accepted, and nothing passes. */
  freeze(): void {
    this.#frozen = true;
    for (const socket of this.#sockets) socket.pause();
  }

  thaw(): void {
    this.#frozen = false;
    for (const socket of this.#sockets) socket.resume();
  }

  async #listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    this.#port = port;
  }

  #join(client: Socket, upstream: Socket): void {
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.#sockets.add(from);
      from.setNoDelay(true);
      from.on('data', (data) => to.write(data));
      from.on('end', () => to.end());
      from.on('error', () => undefined); // what follows it is 'close'
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      if (this.#frozen) from.pause();
    }
  }
}
