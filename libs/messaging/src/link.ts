import type { NatsConnection } from '@nats-io/transport-node';

export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
  constructor() {
    super('the connection to NATS was lost');
  }
}

/** Whether NATS is there now. The client itself buffers while it is away; callers here rather wait or fail. */
export class Link {
  #connected: boolean;
  #closed = false;
  readonly #onDown = new Set<() => void>();
  readonly #waiting = new Set<() => void>();

  constructor(connection: NatsConnection) {
    this.#connected = !connection.isClosed();
    void this.#watch(connection);
  }

  get connected(): boolean {
    return this.#connected;
  }

  /** Calls back at each loss of the connection and when it is closed; returns the function that stops that. */
  onDown(callback: () => void): () => void {
    this.#onDown.add(callback);
    return () => this.#onDown.delete(callback);
  }

  /** Resolves once connected, at once if it is; also when `signal` aborts or the connection is closed for good. */
  async whenConnected(signal: AbortSignal): Promise<void> {
    if (this.#connected || this.#closed || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#waiting.add(done);
      signal.addEventListener('abort', done);
    });
  }

  /** As `work`, but rejects as soon as the connection is lost: the answer is lost with it, and a timeout would be all. */
  whileConnected<T>(work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const lost = (): void => {
        forget();
        reject(new ConnectionLost());
      };
      const forget = this.onDown(lost);
      if (!this.#connected) {
        lost();
        return;
      }
      work().then(resolve, reject).finally(forget);
    });
  }

  async #watch(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect') this.#down();
      else if (status.type === 'reconnect') this.#up();
      else if (status.type === 'close') break;
    }
    this.#closed = true;
    this.#down();
    this.#up(false);
  }

  #down(): void {
    this.#connected = false;
    for (const callback of [...this.#onDown]) callback();
  }

  #up(connected = true): void {
    this.#connected = connected;
    for (const done of [...this.#waiting]) done();
  }
}

const links = new WeakMap<NatsConnection, Link>();

/** The one link of a connection, watched from the first call on. */
export function linkOf(connection: NatsConnection): Link {
  let link = links.get(connection);
  if (!link) links.set(connection, (link = new Link(connection)));
  return link;
}
