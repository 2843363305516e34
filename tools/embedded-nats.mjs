import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { startTethered } from './tethered-process.mjs';

/** Older servers drop what we ask of a consumer without an error. */
const floor = [2, 10];

/** Where tools/fetch-nats-server.sh puts the server. */
export const fetchedNatsServer = path.resolve(import.meta.dirname, '../.data/bin/nats-server');

/**
 * Finds a nats-server of version 2.10 or later: NATS_SERVER_BIN, then PATH and the directories that PATH often lacks, then
 * what was fetched into .data/bin. An older one is passed over, unless NATS_SERVER_BIN names it: that throws.
 * @returns {string | undefined}
 */
export function findNatsServer() {
  const named = process.env.NATS_SERVER_BIN;
  if (named) {
    if (!isRecent(named))
      throw new Error(`NATS_SERVER_BIN (${named}) is not a nats-server of version ${floor.join('.')} or later`);
    return named;
  }
  const directories = [
    ...(process.env.PATH ?? '').split(path.delimiter),
    '/usr/sbin',
    '/usr/local/sbin',
    '/opt/homebrew/bin',
  ];
  const candidates = directories.filter(Boolean).map((directory) => path.join(directory, 'nats-server'));
  return [...candidates, fetchedNatsServer].find((file) => existsSync(file) && isRecent(file));
}

function isRecent(file) {
  const version = /v(\d+)\.(\d+)/.exec(spawnSync(file, ['--version'], { encoding: 'utf8' }).stdout ?? '');
  if (!version) return false;
  const [major, minor] = [Number(version[1]), Number(version[2])];
  return major > floor[0] || (major === floor[0] && minor >= floor[1]);
}

/**
 * Starts a nats-server with JetStream on 127.0.0.1.
 *
 * @param {object} options
 * @param {string} options.directory of its configuration, its log and its streams
 * @param {string | object} [options.config] users, permissions, accounts: text in nats-server's own form, or an object (JSON is
 *   a part of that form). Address and port are set here, and the storage unless the configuration does (it may be said once).
 * @param {number} [options.port] a free one when absent
 * @param {string} [options.binary]
 * @returns {Promise<{ url: string, port: number, pid: number, exited: Promise<unknown>, running(): boolean, stop(): Promise<void>, kill(): Promise<void> }>}
 *   `url` carries no user
 */
export async function startNats({ directory, config = {}, port = -1, binary = findNatsServer() }) {
  if (!binary) throw new Error('nats-server was not found');
  const home = path.resolve(directory);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const file = path.join(home, 'nats.conf');
  for (const name of readdirSync(home)) if (name.endsWith('.ports')) rmSync(path.join(home, name)); // of a killed server
  rmSync(file, { force: true }); // mode applies to a new file alone
  const text = typeof config === 'string' ? config : JSON.stringify(config, null, 2);
  writeFileSync(file, text, { mode: 0o600 });
  const server = startTethered({
    command: binary,
    args: [
      ...['-c', file, '-a', '127.0.0.1', '-p', String(port)],
      ...['-js', '--ports_file_dir', home],
      ...(text.includes('store_dir') ? [] : ['-sd', path.join(home, 'streams')]),
    ],
    log: path.join(home, 'nats.log'),
  });
  const url = await server.ready(() => publishedUrl(home, server.pid));
  return {
    url,
    port: Number(new URL(url).port),
    pid: server.pid,
    exited: server.exited,
    running: server.running,
    stop: () => server.stop('SIGTERM'),
    kill: () => server.stop('SIGKILL'),
  };
}

/** nats-server writes the ports file, `<program>_<pid>.ports`, some milliseconds after it listens, and not in one step. */
function publishedUrl(directory, pid) {
  const file = readdirSync(directory).find((name) => name.endsWith(`_${pid}.ports`));
  if (!file) return undefined;
  try {
    return JSON.parse(readFileSync(path.join(directory, file), 'utf8')).nats[0];
  } catch {
    return undefined;
  }
}
