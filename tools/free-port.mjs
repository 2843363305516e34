import { createServer } from 'node:net';

/**
 * A TCP port that was free on 127.0.0.1 a moment ago. Nothing holds it until the caller binds it, so whoever starts a server
 * there tries again with another one when the port is taken after all.
 * @returns {Promise<number>}
 */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
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
