import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RunningService } from '@signet/service';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed where it is JSON, else text. */
  readonly body: unknown;
}

export interface Asked {
  readonly body?: unknown;
  readonly bearer?: string;
  /** The body's media type. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface HttpOf {
  readonly origin: string;
  /** A body that is no string is sent as JSON. */
  ask(method: string, path: string, options?: Asked): Promise<Answer>;
  stop(): Promise<void>;
}

/** Hands HTTP requests to a service, as the process's listener does. */
export async function httpOf(on: { readonly service: Pick<RunningService, 'handle'> }): Promise<HttpOf> {
  const server = createServer((request, response) => {
    on.service.handle(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    ask: async (method, path, { body, bearer, type = 'application/json', headers } = {}) => {
      const response = await fetch(origin + path, {
        method,
        headers: {
          ...headers,
          ...(body !== undefined && { 'Content-Type': type }),
          ...(bearer !== undefined && { Authorization: `Bearer ${bearer}` }),
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = /^application\/(?:scim\+)?json/.test(response.headers.get('content-type') ?? '');
      return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}
