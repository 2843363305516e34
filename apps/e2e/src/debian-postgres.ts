import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '@signet/testing';
import { Program, until } from './programs.js';

const run = promisify(execFile);
const versions = '/usr/lib/postgresql';
const password = 'of-the-superuser';

/** PostgreSQL will not be root's, and Debian's package has made a user for it. */
const asItsUser = process.getuid?.() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'] : [];

/** A cluster of Debian's own PostgreSQL in a directory of its own, beside the default one, which is left alone. */
export class DebianPostgres {
  private constructor(
    private readonly binaries: string,
    private readonly directory: string,
    readonly port: number,
    private readonly server: Program,
  ) {}

  static async start(port?: number): Promise<DebianPostgres> {
    const [newest] = existsSync(versions) ? readdirSync(versions).sort((a, b) => Number(b) - Number(a)) : [];
    if (newest === undefined) throw new Error(`no PostgreSQL in ${versions}: install the Debian package postgresql`);
    const binaries = path.join(versions, newest, 'bin');
    const directory = mkdtempSync(path.join(tmpdir(), 'signet-e2e-debian-'));
    if (asItsUser.length > 0) execFileSync('chown', ['postgres:postgres', directory]);
    const cluster = path.join(directory, 'cluster');
    const chosen = port ?? (await freePort());
    const [initdb = '', ...options] = [
      ...[...asItsUser, path.join(binaries, 'initdb'), '-D', cluster, '--username=postgres'],
      ...['--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'],
    ];
    await run(initdb, options);
    const [postgres = '', ...settings] = [
      ...[...asItsUser, path.join(binaries, 'postgres'), '-D', cluster, '-p', String(chosen)],
      ...['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'fsync=off'],
    ];
    const log = path.join(directory, 'log');
    const server = new Program('postgres', postgres, settings, {}, log);
    const started = new DebianPostgres(binaries, directory, chosen, server);
    await until('the cluster to be ready', async () => {
      if (!server.running) throw new Error(readFileSync(log, 'utf8'));
      await started.tool('pg_isready', '-q');
      return true;
    });
    return started;
  }

  url(database: string): string {
    return `postgres://postgres:${password}@127.0.0.1:${this.port}/${database}`;
  }

  /** Runs one of its programs against it; gives what it printed. */
  async tool(name: string, ...args: string[]): Promise<string> {
    const where = { PGHOST: '127.0.0.1', PGPORT: String(this.port), PGUSER: 'postgres', PGPASSWORD: password };
    const env = { PATH: process.env['PATH'] ?? '', ...where };
    return (await run(path.join(this.binaries, name), args, { env })).stdout;
  }

  async stop(): Promise<void> {
    await this.server.stop('SIGINT');
    rmSync(this.directory, { recursive: true, force: true });
  }
}
