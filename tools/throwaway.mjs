import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { startNats } from './embedded-nats.mjs';
import { startPostgres } from './embedded-postgres.mjs';

/**
 * Servers for tests: nothing they hold outlives them. Their files are under one directory per process, named by it; those of
 * processes that are gone are removed at the next run.
 */
const prefix = 'signet-test-';

function directoryOf(pid) {
  return path.join(tmpdir(), `${prefix}${pid}`);
}

function newDirectory(kind) {
  mkdirSync(directoryOf(process.pid), { recursive: true, mode: 0o711 });
  const directory = mkdtempSync(path.join(directoryOf(process.pid), `${kind}-`));
  chmodSync(directory, 0o711); // PostgreSQL may have to run as another user
  return directory;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Removes what earlier runs left that could not clean up. */
export function sweepThrowaways() {
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length)) : NaN;
    if (Number.isInteger(pid) && !isAlive(pid)) rmSync(path.join(tmpdir(), name), { recursive: true, force: true });
  }
}

async function disposable(kind, start) {
  const directory = newDirectory(kind);
  const run = async (port) => {
    const server = await start(directory, port);
    return {
      ...server,
      directory,
      halt: server.stop,
      again: () => run(server.port),
      stop: async () => {
        await server.stop();
        rmSync(directory, { recursive: true, force: true });
        if (readdirSync(directoryOf(process.pid)).length === 0) rmSync(directoryOf(process.pid), { recursive: true });
      },
    };
  };
  return run();
}

/**
 * A PostgreSQL of its own, without durability; `stop` removes it, `halt` keeps what it has stored for `again`.
 * @param {{ tls?: () => { cert: string, key: string, ca?: string } }} [options] `tls`: asked at each start; as of startPostgres
 */
export function throwawayPostgres(options = {}) {
  const password = randomBytes(24).toString('base64url');
  return disposable('postgres', (directory, port) =>
    startPostgres({
      directory: path.join(directory, 'cluster'),
      password,
      port,
      throwaway: true,
      tls: options.tls?.(),
    }),
  );
}

/**
 * A nats-server of its own with JetStream; `stop` removes it. It is ready in about 20 ms.
 * @param {{ config?: string | object | ((directory: string) => string | object), port?: number }} [options] as of startNats; the
 *   configuration may be made for the server's directory
 */
export function throwawayNats({ config = {}, port } = {}) {
  return disposable('nats', (directory, again = port) =>
    startNats({ directory, port: again, config: typeof config === 'function' ? config(directory) : config }),
  );
}
