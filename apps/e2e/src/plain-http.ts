import { request, type OutgoingHttpHeaders } from 'node:http';
import type { Answer } from './raw-client.js';

/** A request with the very path, headers and bytes that it is given; fetch mends or refuses some. */
export function plainHttp(
  url: string,
  {
    method = 'GET',
    headers = {},
    body,
  }: { method?: string; headers?: OutgoingHttpHeaders; body?: string | Buffer } = {},
): Promise<Pick<Answer, 'status' | 'headers'> & { readonly text: string }> {
  return new Promise((resolve, reject) => {
    const path = url.slice(new URL(url).origin.length);
    const sent = request(url, { path, method, headers, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const pairs = Object.entries(answer.headers).map(([name, value]): [string, string] => [name, String(value)]);
        resolve({
          status: answer.statusCode ?? 0,
          headers: new Headers(pairs),
          text: Buffer.concat(chunks).toString('utf8'),
        });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
