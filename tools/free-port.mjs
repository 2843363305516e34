import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below what systems give to connections that go out (from 32768 on Linux, 49152 elsewhere), which may take a port meanwhile. */
const range = { first: 20_000, count: 12_000 };
const given = new Set();

/**
 * A TCP port that was free on 127.0.0.1 a moment ago, another one at each call. Nothing holds it until the caller binds it, so whoever starts a server
 * there tries again with another one when the port is taken after all.
 * @returns {Promise<number>}
 */
export async function freePort() {
  for (;;) {
    const port = range.first + randomInt(range.count);
    if (given.has(port) || !(await portIsFree(port, '127.0.0.1'))) continue;
    given.add(port);
    return port;
  }
}

/**
 * Whether a server could listen on this port of the given host now. Any other fault than a taken port (a port below 1024, say)
 * rejects.
 * @param {number} port
 * @param {string} [host] all addresses when absent
 * @returns {Promise<boolean>}
 */
export function portIsFree(port, host) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => (error.code === 'EADDRINUSE' ? resolve(false) : reject(error)));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
