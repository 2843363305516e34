import { randomInt } from 'node:crypto';
import { closeSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Below what systems give to connections that go out (from 32768 on Linux, 49152 elsewhere), which may take a port meanwhile. */
const range = { first: 20_000, count: 12_000 };
const claims = path.join(tmpdir(), 'signet-ports');
/** Milliseconds for which a port is its claimant's alone, which has a server there by then. */
const claimed = 120_000;

/**
 * A TCP port that was free on 127.0.0.1 a moment ago, another one at each call in whichever process. Strangers may still take it before the caller does,
 * so whoever starts a server there tries again with another one when the port is taken after all.
 * @returns {Promise<number>}
 */
export async function freePort() {
  for (;;) {
    const port = range.first + randomInt(range.count);
    if (claim(port) && (await portIsFree(port, '127.0.0.1'))) return port;
  }
}

function claim(port) {
  mkdirSync(claims, { recursive: true });
  const file = path.join(claims, String(port));
  try {
    closeSync(openSync(file, 'wx'));
    return true;
  } catch {
    // Taken over at the next try that comes to this port.
    if (Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) > claimed) rmSync(file, { force: true });
    return false;
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
