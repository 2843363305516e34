import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import { connect, Server as TcpServer, type AddressInfo } from 'node:net';
import { setImmediate as afterPolling, setTimeout as pause } from 'node:timers/promises';
import { routeOf, type ServiceName } from '@signet/contracts';
import type { Configuration } from '../configuration/configuration.js';
import type { CertificatePair } from './certificates.js';
import { hostRule, type Target } from './host-rule.js';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Milliseconds and bytes. */
export const limits = {
  headers: 10_000,
  request: 15_000,
  headerSize: 32 * 1_024,
  query: 8 * 1_024,
  /** For connections that wait to be taken, before listening ends. */
  leaving: 1_000,
  /** For requests under way, after listening has ended; longer than any may take. */
  ending: 10_000,
} as const;

const tlsVersions = { minVersion: 'TLSv1.2' } as const;

const texts: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  404: 'Not Found',
  414: 'URI Too Long',
  421: 'Misdirected Request',
};

/** The one public listener of a process: limits and the Host rule first, then to the service that the routing table names. */
export class Listener {
  readonly #server: Server | TlsServer;
  #target: (request: IncomingMessage) => Target = () => ({ refused: 421 });
  #handlers: ReadonlyMap<ServiceName, Handler> = new Map();
  readonly #underWay = new Set<ServerResponse>();
  #taken = 0;
  /** Resolves when the last connection has ended. */
  #left: Promise<void> | undefined;

  constructor(private readonly configuration: Pick<Configuration, 'issuer' | 'mode' | 'listen' | 'tls' | 'keepAlive'>) {
    const options = {
      headersTimeout: limits.headers,
      requestTimeout: limits.request,
      keepAliveTimeout: configuration.keepAlive * 1_000,
      maxHeaderSize: limits.headerSize,
      // Node looks for connections that are over their limits only this often.
      connectionsCheckingInterval: 1_000,
    };
    const handle: Handler = (request, response) => {
      this.#handle(request, response);
    };
    const { tls } = configuration;
    this.#server = tls
      ? createTlsServer(
          { ...options, ...tlsVersions, cert: readFileSync(tls.certificate), key: readFileSync(tls.key) },
          handle,
        )
      : createServer(options, handle);
    this.#server.on('connection', () => {
      this.#taken += 1;
    });
  }

  /** Finds out at once whether somebody else has the port. Gives the port, which the system chose where 0 was asked for. */
  async reserve(): Promise<number> {
    const { listen, issuer, mode } = this.configuration;
    const port = listen.port === 0 ? await anyPort(listen.host) : listen.port;
    if (listen.port !== 0) await refuseTaken(port, listen.host);
    this.#target = hostRule({ issuer, mode, port });
    return port;
  }

  /** Takes connections on the port that was reserved. Not before it can answer: a proxy goes on to another replica where none is taken. */
  async serve(port: number, handlers: ReadonlyMap<ServiceName, Handler>): Promise<void> {
    this.#handlers = handlers;
    await listenAt(this.#server, port, this.configuration.listen.host);
  }

  /** Shows another certificate to those who connect from now on. */
  use(pair: CertificatePair): void {
    if (this.#server instanceof TlsServer) this.#server.setSecureContext({ ...tlsVersions, ...pair });
  }

  /**
   * Takes no more connections. Those that there are go on, and from now on each answer asks its client to take another one. They are let alone, used or not:
   * what a proxy sends on one that we end in that moment would be lost.
   */
  async leave(): Promise<void> {
    if (this.#left) return;
    await this.#takeWaiting();
    this.#left ??= new Promise<void>((resolve) => {
      // That of http ends idle connections as well.
      TcpServer.prototype.close.call(this.#server, () => {
        resolve();
      });
    });
    for (const response of this.#underWay) if (!response.headersSent) response.setHeader('Connection', 'close');
  }

  /** Ends idle connections, and resolves when every request under way has been answered; after ten seconds it ends them. */
  async close(): Promise<void> {
    await this.leave();
    this.#server.close();
    const over = new AbortController();
    const late = pause(limits.ending, undefined, { signal: over.signal }).then(
      () => {
        this.#server.closeAllConnections();
      },
      () => undefined,
    );
    await Promise.race([this.#left, late]);
    over.abort();
    await this.#left;
  }

  /** Connections that wait to be taken when the port is left are reset, with what a proxy has sent on them; libuv takes one each time that it polls. */
  async #takeWaiting(): Promise<void> {
    const over = performance.now() + limits.leaving;
    let taken: number;
    // To where the loop polls between this and the next time.
    await afterPolling();
    do {
      taken = this.#taken;
      await afterPolling();
    } while (this.#taken > taken && performance.now() < over);
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    this.#underWay.add(response);
    response.once('close', () => this.#underWay.delete(response));
    if (this.#left) response.setHeader('Connection', 'close');
    const target = this.#target(request);
    if ('refused' in target) {
      refuse(request, response, target.refused);
      return;
    }
    if (target.query.length > limits.query) {
      refuse(request, response, 414);
      return;
    }
    const route = routeOf(target.path);
    const handler = route && this.#handlers.get(route.service);
    if (!handler) {
      refuse(request, response, 404);
      return;
    }
    request.url = target.query === '' ? target.path : `${target.path}?${target.query}`;
    handler(request, response);
  }
}

async function anyPort(host: string | undefined): Promise<number> {
  const probe = createServer();
  const port = await listenAt(probe, 0, host);
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** By connecting: to listen there for a moment would take connections that a proxy tries, and reset them. */
async function refuseTaken(port: number, host: string | undefined): Promise<void> {
  const everywhere = host === undefined || host === '0.0.0.0' || host === '::';
  const taken = await new Promise<boolean>((resolve) => {
    const socket = connect({ port, host: everywhere ? 'localhost' : host, timeout: 1_000 });
    const end = (found: boolean) => () => {
      socket.destroy();
      resolve(found);
    };
    // A connection whose own end was given this very port is one with itself.
    socket.once('connect', () => {
      end(socket.localPort !== port)();
    });
    socket.once('error', end(false)).once('timeout', end(false));
  });
  if (!taken) return;
  const fault = new Error(`listen EADDRINUSE: address already in use ${host ?? ''}:${port}`);
  throw Object.assign(fault, { code: 'EADDRINUSE', syscall: 'listen', address: host, port });
}

/** Gives the port. */
async function listenAt(server: Server | TlsServer, port: number, host: string | undefined): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
}

/** A plain answer. A body that nobody will read must not keep its connection. */
function refuse({ headers }: IncomingMessage, response: ServerResponse, status: number): void {
  const hasBody = headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
  if (hasBody) response.setHeader('Connection', 'close');
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(`${texts[status] ?? 'Error'}\n`);
}
