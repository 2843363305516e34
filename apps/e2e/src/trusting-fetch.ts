import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import type { Fetch } from './user-agent.js';

/** fetch over https that trusts one authority, and follows no redirect; the platform's own takes authorities from the environment alone. */
export function trustingFetch(caFile: string): Fetch & { close(): void } {
  const agent = new Agent({ ca: readFileSync(caFile), keepAlive: true });
  const trusting = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const asked = new Request(input, init);
    // Request forbids to set Cookie by way of the platform's fetch alone, so it is there.
    const headers = Object.fromEntries(asked.headers);
    const body = Buffer.from(await asked.arrayBuffer());
    return await new Promise<Response>((resolve, reject) => {
      const sent = request(asked.url, { method: asked.method, headers, agent }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('error', reject);
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          const pairs = Object.entries(answer.headersDistinct).flatMap(([name, values = []]) =>
            values.map((value): [string, string] => [name, value]),
          );
          const status = answer.statusCode ?? 0;
          const content = status === 204 || status === 304 ? null : Buffer.concat(chunks);
          resolve(new Response(content, { status, headers: pairs }));
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  };
  return Object.assign(trusting, {
    close: () => {
      agent.destroy();
    },
  });
}
