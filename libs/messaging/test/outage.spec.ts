import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connectNats, linkOf, Requester } from '../src/index.js';
import type { Log } from '../src/log.js';
import { Broker, eventually } from './broker.js';
import { greet, hold, startDirectory } from './directory-service.js';
import { freePort, throwawayNats } from './embedded-servers.js';

describe('while NATS is away', () => {
  let broker: Broker;
  beforeEach(async () => {
    broker = await Broker.start();
  });
  afterEach(() => broker.stop());

  it('requests fail at once, and work again by themselves when it is back', async () => {
    const service = await startDirectory({ connection: await broker.connect('directory') });
    const connection = await broker.connect('authn');
    const requester = new Requester({ connection });

    const underWay = requester.request(hold, { n: 1 });
    const lost = expect(underWay).rejects.toMatchObject({ code: 'unavailable' });
    await eventually('the handler', () => service.gate.entered === 1);
    await broker.kill();
    await lost;
    await expect(requester.request(greet, { name: 'Ada' })).rejects.toMatchObject({ code: 'unavailable' });

    await broker.restart();
    const answered = () =>
      requester.request(greet, { name: 'Ada' }).then(
        () => true,
        () => false,
      );
    await eventually('an answer', answered);
    service.gate.open();
    await service.close();
  });

  it('a replica can stop', async () => {
    const connection = await broker.connect('directory');
    const service = await startDirectory({ connection });
    await broker.kill();
    await eventually('the loss', () => !linkOf(connection).connected);
    await service.close();
  });
});

describe('connectNats', () => {
  const options = { service: 'token', name: 'spec' };

  it('waits for the first server, if told to', async () => {
    const port = await freePort();
    const warnings: string[] = [];
    const connecting = connectNats({
      ...options,
      url: `nats://127.0.0.1:${port}`,
      log: (_, event) => warnings.push(event),
    });
    await eventually('a first try', () => warnings.includes('nats.waiting'));
    const server = await throwawayNats({ port });
    const connection = await connecting;
    await connection.close();
    await server.stop();
  });

  it('fails where it may not wait', async () => {
    const url = `nats://127.0.0.1:${await freePort()}`;
    await expect(connectNats({ ...options, url, waitOnFirstConnect: false })).rejects.toThrow();
  });

  it('stops waiting when it is told to', async () => {
    const stop = new AbortController();
    const url = `nats://127.0.0.1:${await freePort()}`;
    const log = () => {
      stop.abort();
    };
    await expect(connectNats({ ...options, url, signal: stop.signal, log })).rejects.toThrow();
  });

  it('takes user and password out of the URL', async () => {
    const config = { authorization: { users: [{ user: 'token', password: 'p@ss/w:rd' }] } };
    const server = await throwawayNats({ config });
    const url = new URL(server.url);
    url.username = 'token';
    url.password = encodeURIComponent('p@ss/w:rd');
    const connection = await connectNats({ ...options, url: url.href });
    await connection.close();
    url.password = 'wrong';
    await expect(connectNats({ ...options, url: url.href, waitOnFirstConnect: false })).rejects.toThrow(
      /authorization/i,
    );
    await server.stop();
  });

  it('waits for a server that does not know the user yet, and says so', async () => {
    const configOf = (user: string) => ({ authorization: { users: [{ user, password: 'secret' }] } });
    const server = await throwawayNats({ config: configOf('audit') });
    const url = new URL(server.url);
    url.username = 'token';
    url.password = 'secret';
    const errors: string[] = [];
    const log: Log = (level, event) => {
      if (level === 'error') errors.push(event);
    };
    const connecting = connectNats({ ...options, url: url.href, log });
    await eventually('a first refusal', () => errors.includes('nats.refused'));
    await server.stop();
    const informed = await throwawayNats({ config: configOf('token'), port: server.port });
    await (await connecting).close();
    await informed.stop();
  });

  it('refuses plain text for a tls:// URL', async () => {
    const server = await throwawayNats();
    const url = server.url.replace('nats:', 'tls:');
    await expect(connectNats({ ...options, url, waitOnFirstConnect: false })).rejects.toThrow(/tls/);
    await server.stop();
  });

  it('refuses a server that is too old, and says so', async () => {
    const old = await oldServer('2.9.10');
    const { port } = old.address() as AddressInfo;
    const url = `nats://127.0.0.1:${port}`;
    await expect(connectNats({ ...options, url })).rejects.toThrow(/nats-server 2\.10 or newer is needed.*2\.9\.10/);
    old.close();
  });
});

/** Speaks just enough of the protocol to be connected to. */
async function oldServer(version: string): Promise<Server> {
  const server = createServer((socket) => {
    socket.write(
      `INFO ${JSON.stringify({ server_id: 'old', version, proto: 1, headers: true, max_payload: 1e6 })}\r\n`,
    );
    socket.on('data', (data) => {
      if (data.includes('PING')) socket.write('PONG\r\n');
    });
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
