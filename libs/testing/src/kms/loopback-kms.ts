import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { freePort } from '../embedded-servers.js';

export interface KmsRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface KmsReply {
  readonly status: number;
  readonly body: string;
}

/** Ends a request that a real service would refuse. */
export class Refused extends Error {
  constructor(readonly reply: KmsReply) {
    super(`refused with ${reply.status}`);
  }
}

/** What the key management services for tests have in common: an HTTP server on loopback that can go and come back, and keys. */
export abstract class LoopbackKms {
  readonly requests: KmsRequest[] = [];
  /** Answers of this status come before the real ones. */
  readonly failures: number[] = [];
  /** In place of every real answer. */
  reply: KmsReply | undefined;
  readonly #keys = new Map<string, Buffer>();
  #server: Server | undefined;
  #port = 0;

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get host(): string {
    return `127.0.0.1:${this.#port}`;
  }

  makeKey(name: string): void {
    this.#keys.set(name, randomBytes(32));
  }

  /** On a port of its own, the same one each time. */
  async start(): Promise<void> {
    this.#port ||= await freePort();
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        const { status, body } = this.#answer({ method, path: url, headers, body: Buffer.concat(chunks).toString() });
        response.writeHead(status, { 'Content-Type': 'application/json' }).end(body);
      });
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(this.#port, '127.0.0.1', resolve);
    });
    this.#server = server;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  /** Throws Refused. */
  protected abstract serve(request: KmsRequest): KmsReply;

  /** Undefined where there is no such key. */
  encrypt(key: string, plaintext: Uint8Array, associated: Uint8Array): Buffer | undefined {
    const secret = this.#keys.get(key);
    if (!secret) return undefined;
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', secret, nonce).setAAD(associated);
    return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  }

  /** Undefined where there is no such key; null where it does not open. */
  protected decrypt(key: string, sealed: Buffer, associated: Uint8Array): Buffer | null | undefined {
    const secret = this.#keys.get(key);
    if (!secret) return undefined;
    try {
      const decipher = createDecipheriv('aes-256-gcm', secret, sealed.subarray(0, 12), { authTagLength: 16 });
      decipher.setAAD(associated).setAuthTag(sealed.subarray(-16));
      return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
    } catch {
      return null;
    }
  }

  #answer(request: KmsRequest): KmsReply {
    this.requests.push(request);
    const failure = this.failures.shift();
    if (failure !== undefined) return { status: failure, body: '{}' };
    if (this.reply) return this.reply;
    try {
      return this.serve(request);
    } catch (error) {
      if (error instanceof Refused) return error.reply;
      throw error;
    }
  }
}

/** Members of a JSON object, all of them texts but those in `others`; refuses by `refuse` what has more or less. */
export function members(body: string, names: readonly string[], refuse: () => never): Record<string, unknown> {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return refuse();
  }
  if (typeof json !== 'object' || json === null) return refuse();
  if (Object.keys(json).sort().join() !== [...names].sort().join()) return refuse();
  return json as Record<string, unknown>;
}

/** Standard base64 with its padding. */
export function base64(value: unknown, refuse: () => never): Buffer {
  if (typeof value !== 'string' || value === '') return refuse();
  const bytes = Buffer.from(value, 'base64');
  return bytes.toString('base64') === value ? bytes : refuse();
}
