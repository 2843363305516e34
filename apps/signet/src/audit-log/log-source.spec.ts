import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { OutboundFetch } from '@signet/service';
import { HttpSource, SourceFailed } from './log-source.js';

describe('a log over HTTP', () => {
  let server: Server;
  let connections: number;
  let source: HttpSource;

  beforeEach(async () => {
    connections = 0;
    server = createServer((request, response) => {
      if (request.url === '/log/missing') response.writeHead(404).end('nothing');
      else response.end('x'.repeat(100_000));
    });
    server.on('connection', () => (connections += 1));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    source = new HttpSource(new OutboundFetch({ allow: [origin], keepAlive: true }), `${origin}/log`, undefined);
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('is read over as many connections as files are read at once', async () => {
    for (let count = 0; count < 20; count += 1) {
      expect((await source.read('tile/0/000'))?.length).toBe(100_000);
      expect(await source.read('missing')).toBeUndefined();
    }
    expect(connections).toBe(1);
    const reader = async () => {
      for (let count = 0; count < 20; count += 1) await source.read('tile/0/000');
    };
    await Promise.all(Array.from({ length: 8 }, reader));
    expect(connections).toBeLessThanOrEqual(8);
  });

  it('is read on where a connection was closed meanwhile, and not where nobody is there', async () => {
    await source.read('tile/0/000');
    server.closeAllConnections();
    expect((await source.read('tile/0/000'))?.length).toBe(100_000);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await expect(source.read('tile/0/000')).rejects.toBeInstanceOf(SourceFailed);
  });
});
