import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { whenUnread } from './unread.js';

let server: Server;
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** An answer, and its reader, who has read nothing of it yet. */
async function answered(): Promise<{ answer: ServerResponse; reader: IncomingMessage }> {
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const asked = once(server, 'request') as Promise<[IncomingMessage, ServerResponse]>;
  const asking = request({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' }).end();
  const [, answer] = await asked;
  const response = once(asking, 'response') as Promise<[IncomingMessage]>;
  answer.flushHeaders();
  const [reader] = await response;
  return { answer, reader };
}

/** As much as is taken without anybody reading it, and some more. */
function fill(answer: ServerResponse): void {
  for (let blocks = 0; blocks < 64; blocks += 1) answer.write(Buffer.alloc(1_048_576));
}

describe('an answer that is not read', () => {
  it('is given up', async () => {
    const { answer, reader } = await answered();
    const unread = whenUnread(answer, 50);
    fill(answer);
    await once(unread, 'abort');
    reader.destroy();
  });

  it('is not, where it is the answer that has nothing to say', async () => {
    const { answer, reader } = await answered();
    const unread = whenUnread(answer, 50);
    answer.write('a');
    await once(answer, 'timeout');
    answer.end('b');
    let text = '';
    for await (const chunk of reader) text += String(chunk);
    expect([text, unread.aborted]).toEqual(['ab', false]);
  });
});
