import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** One call of a webhook. */
export interface Told {
  readonly id: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export const answering =
  (status: number, headers = {}): RequestListener =>
  (_request, response) =>
    void response.writeHead(status, headers).end();

export const silence: RequestListener = () => undefined;

/** Somebody who is told of events, and answers as a test says. */
export class WebhookReceiver {
  /** In the order in which they came. */
  readonly told: Told[] = [];
  answer: RequestListener = answering(204);
  readonly #refused = new Set<string>();

  private constructor(
    private readonly server: Server,
    readonly origin: string,
  ) {}

  static async open(): Promise<WebhookReceiver> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const receiver = new WebhookReceiver(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => {
      void text(request).then((body) => {
        const id = String(request.headers['webhook-id']);
        receiver.told.push({ id, headers: request.headers, body });
        if (receiver.#refused.has(id)) answering(500)(request, response);
        else receiver.answer(request, response);
      });
    });
    return receiver;
  }

  get url(): string {
    return `${this.origin}/hook`;
  }

  get ids(): string[] {
    return this.told.map(({ id }) => id);
  }

  /** This one event is not taken. */
  refuse(id: string): void {
    this.#refused.add(id);
  }

  takeAll(): void {
    this.#refused.clear();
    this.answer = answering(204);
  }

  /** Breaks off what it has not answered. */
  hangUp(): void {
    this.server.closeAllConnections();
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
