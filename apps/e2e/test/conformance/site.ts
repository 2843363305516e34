import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';

interface Document {
  readonly type: string;
  readonly body: string | Uint8Array;
}

/** What a relying party publishes over https for the provider to fetch: keys, request objects, sector documents, logos. */
export class Site {
  readonly #documents = new Map<string, Document>();
  /** Paths in the order in which they were asked for. */
  readonly asked: string[] = [];

  private constructor(
    private readonly server: Server,
    readonly origin: string,
  ) {}

  static async open(tls: { readonly cert: string; readonly key: string }): Promise<Site> {
    const server = createServer({ cert: readFileSync(tls.cert), key: readFileSync(tls.key) });
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    const site = new Site(server, `https://localhost:${(server.address() as AddressInfo).port}`);
    server.on('request', ({ url = '/' }, response) => {
      const { pathname } = new URL(url, site.origin);
      site.asked.push(pathname);
      const found = site.#documents.get(pathname);
      if (found === undefined) response.writeHead(404).end();
      else response.writeHead(200, { 'Content-Type': found.type }).end(found.body);
    });
    return site;
  }

  /** Publishes a document, or another one in its place; gives its URL. */
  publish(path: string, type: string, body: string | Uint8Array): string {
    this.#documents.set(path, { type, body });
    return this.origin + path;
  }

  publishJson(path: string, value: unknown): string {
    return this.publish(path, 'application/json', JSON.stringify(value));
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
