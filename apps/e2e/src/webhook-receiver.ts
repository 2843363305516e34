import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { z } from 'zod';

const event = z.object({
  id: z.string(),
  tenant: z.string(),
  aggregate: z.string(),
  aggregateversion: z.int(),
  logindex: z.int(),
});

/** Somebody who takes events over HTTP, and takes each once: one that it has seen is acknowledged and no more. */
export class WebhookReceiver {
  /** Indexes in the log of what came, in the order in which it first came. */
  readonly indexes: number[] = [];
  /** Events that came when a later one of their aggregate had come. */
  readonly late: string[] = [];
  /** What was no event, or came under another's id. */
  readonly faults: string[] = [];
  readonly #seen = new Set<string>();
  readonly #versions = new Map<string, number>();

  private constructor(
    private readonly server: Server,
    readonly origin: string,
  ) {}

  static async open(): Promise<WebhookReceiver> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const receiver = new WebhookReceiver(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => {
      // Whoever calls may die of it.
      void json(request).then(
        (body) => {
          receiver.#take(request.headers['webhook-id'], body);
          response.writeHead(204).end();
        },
        () => undefined,
      );
    });
    return receiver;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  #take(header: unknown, body: unknown): void {
    const parsed = event.safeParse(body);
    if (!parsed.success || parsed.data.id !== header) {
      this.faults.push(`${String(header)}: ${JSON.stringify(body).slice(0, 200)}`);
      return;
    }
    const { id, aggregate, aggregateversion: version, logindex } = parsed.data;
    if (this.#seen.has(id)) return;
    this.#seen.add(id);
    if (version < (this.#versions.get(aggregate) ?? 0)) this.late.push(`${version} of ${aggregate}`);
    this.#versions.set(aggregate, version);
    this.indexes.push(logindex);
  }
}
