import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ServiceName } from '@signet/contracts';
import { Listener } from './listener.js';

const host = '127.0.0.1';
const at = (port: number) =>
  new Listener({
    ...{ issuer: 'http://localhost', mode: 'development', listen: { host, port }, tls: undefined, keepAlive: 75 },
  });

/** A proxy of its own thread: `count` connections, a request on each at once, and what came of each. */
const proxy = `
  const { parentPort, workerData: { port, count, connected } } = require('node:worker_threads');
  const { connect } = require('node:net');
  const flag = new Int32Array(connected);
  const outcomes = Array.from({ length: count }, () => new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write('POST /token HTTP/1.1\\r\\nHost: localhost:' + port + '\\r\\nContent-Length: 0\\r\\n\\r\\n', () => {
        Atomics.add(flag, 0, 1);
        Atomics.notify(flag, 0);
      });
    });
    socket.once('data', (data) => resolve(data.toString('latin1').split('\\r\\n', 1)[0]));
    socket.once('error', ({ code }) => resolve(code));
    socket.once('close', () => resolve('closed'));
  }));
  Promise.all(outcomes).then((all) => parentPort.postMessage(all));
`;

/** Connects again and again, and tells how often somebody took it. */
const knocking = `
  const { parentPort, workerData: { port } } = require('node:worker_threads');
  const { connect } = require('node:net');
  let over = false;
  let taken = 0;
  parentPort.once('message', () => { over = true; });
  const knock = () => new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => { taken += 1; socket.destroy(); });
    socket.once('error', () => {});
    socket.once('close', resolve);
  });
  (async () => {
    parentPort.postMessage('begun');
    while (!over) await Promise.all(Array.from({ length: 8 }, knock));
    parentPort.postMessage(taken);
  })();
`;

describe('a port that is reserved', () => {
  it('is refused where somebody else listens on it', async () => {
    const other = createTcpServer().listen(0, host);
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await expect(at(port).reserve()).rejects.toMatchObject({ code: 'EADDRINUSE', port });
    other.close();
    await once(other, 'close');
    expect(await at(port).reserve()).toBe(port);
  });

  it('takes no connection before it is served', async () => {
    const probe = createTcpServer().listen(0, host);
    await once(probe, 'listening');
    const { port } = probe.address() as AddressInfo;
    probe.close();
    await once(probe, 'close');
    const worker = new Worker(knocking, { eval: true, workerData: { port } });
    await once(worker, 'message');
    for (let round = 0; round < 300; round += 1) await at(port).reserve();
    worker.postMessage('enough');
    // What reserve() itself knocks at is nobody's either.
    expect(await once(worker, 'message')).toEqual([0]);
    await worker.terminate();
  });
});

describe('a listener that leaves', () => {
  let listener: Listener;
  let port: number;
  let handle: (request: IncomingMessage, response: ServerResponse) => void;

  beforeEach(async () => {
    listener = at(0);
    port = await listener.reserve();
    handle = (_, response) => response.end('done');
    const handlers = new Map<ServiceName, typeof handle>([
      [
        'token',
        (request, response) => {
          handle(request, response);
        },
      ],
    ]);
    await listener.serve(port, handlers);
  });
  afterEach(() => listener.close());

  it('answers on every connection that waited to be taken', async () => {
    const count = 24;
    const connected = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(proxy, { eval: true, workerData: { port, count, connected: connected.buffer } });
    const outcomes = once(worker, 'message');
    // Nothing is taken while this thread waits: the kernel alone has made the connections.
    for (let had = 0; had < count; had = Atomics.load(connected, 0)) Atomics.wait(connected, 0, had, 5_000);
    await listener.close();
    expect((await outcomes)[0]).toEqual(Array<string>(count).fill('HTTP/1.1 200 OK'));
    await worker.terminate();
  });

  it('asks for another connection in answers to requests that came before', async () => {
    const came = new Promise<ServerResponse>((resolve) => {
      handle = (_, response) => {
        resolve(response);
      };
    });
    const answer = fetch(`http://localhost:${port}/token`, { method: 'POST' });
    const response = await came;
    await listener.leave();
    response.end('done');
    expect((await answer).headers.get('connection')).toBe('close');
  });
});

describe('this machine', () => {
  it('resets what waits where a port is left without taking it, or the test above proves nothing', async () => {
    const count = 24;
    const server = createServer((_, response) => response.end('done')).listen(0, host);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const connected = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(proxy, { eval: true, workerData: { port, count, connected: connected.buffer } });
    const outcomes = once(worker, 'message');
    for (let had = 0; had < count; had = Atomics.load(connected, 0)) Atomics.wait(connected, 0, had, 5_000);
    server.close();
    expect((await outcomes)[0]).toContain('ECONNRESET');
    await worker.terminate();
  });
});
