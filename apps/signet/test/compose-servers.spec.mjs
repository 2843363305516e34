import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Agent, get } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkServerIdentity, connect as connectTls } from 'node:tls';
import { parseEnv, promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serviceNames } from '@signet/contracts';
import pg from 'pg';
import { parse } from 'yaml';

import { composeFiles } from '../../../tools/compose-files.mjs';
import { startNats } from '../../../tools/embedded-nats.mjs';
import { startPostgres } from '../../../tools/embedded-postgres.mjs';
import { freePort } from '../../../tools/free-port.mjs';
import { startTethered } from '../../../tools/tethered-process.mjs';

const root = path.resolve(import.meta.dirname, '../../..');
const run = promisify(execFile);
const { services } = parse(readFileSync(path.join(root, 'docker-compose.yml'), 'utf8'), { merge: true });

/** What docker-compose.yml tells its servers, held against servers of the same kind that need no container. */
let directory;
const compose = (...parts) => path.join(directory, 'compose', ...parts);
const textOf = (...parts) => readFileSync(compose(...parts), 'utf8');
const client = (name) => textOf('mounted/inside/client', `${name}.pem`);

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'signet-compose-servers-'));
  await composeFiles(compose());
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('Postgres of docker-compose.yml', () => {
  let postgres;
  let places;
  beforeAll(async () => {
    const own = path.join(directory, 'postgres-files');
    mkdirSync(own);
    cpSync(compose('mounted/inside/postgres'), path.join(own, 'tls'), { recursive: true });
    cpSync(path.join(root, 'docker/pg_hba.conf'), path.join(own, 'pg_hba.conf'));
    places = (text) => text.replaceAll('/var/run/postgresql', own).replaceAll('/etc/postgres', own);
    const [shell, ...words] = services.postgres.entrypoint.map((word) => places(word).replaceAll('$$', '$'));
    const [option, script, ...rest] = words;
    const given = [option, script.replace('docker-entrypoint.sh', 'printf "%s\\n"'), ...rest];
    const passed = execFileSync(shell, [...given, ...services.postgres.command.map(places)], { encoding: 'utf8' });
    const [program, ...settings] = passed.trim().split('\n');
    expect([program, settings.length]).toEqual(['postgres', services.postgres.command.length - 1]);
    postgres = await startPostgres({
      directory: path.join(directory, 'cluster'),
      password: parseEnv(textOf('postgres.env')).POSTGRES_PASSWORD,
      throwaway: true,
      further: {
        settings: settings.map((setting) => setting.replace(/^--/, '')),
        owned: ['pg_hba.conf', 'key.pem', 'tls/cert.pem'].map((name) => path.join(own, name)),
      },
    });
  }, 60_000);
  afterAll(() => postgres?.stop());

  const asked = async (ssl) => {
    const { password, search } = new URL(parseEnv(textOf('prepare.env')).DATABASE_URL);
    expect(search).toBe('?sslmode=verify-full&sslrootcert=/etc/signet/inside/ca.pem');
    const connection = { host: '127.0.0.1', port: postgres.port, user: 'postgres', database: 'postgres' };
    const session = new pg.Client({ ...connection, password: decodeURIComponent(password), ssl });
    try {
      await session.connect();
      return (await session.query('select ssl, version from pg_stat_ssl where pid = pg_backend_pid()')).rows;
    } finally {
      await session.end().catch(() => undefined);
    }
  };

  it('lets in who trusts the authority inside, by TLS, under the name that the services know it by', async () => {
    const named = (_, peer) => checkServerIdentity('postgres', peer);
    expect(await asked({ ca: client('ca'), checkServerIdentity: named })).toEqual([{ ssl: true, version: 'TLSv1.3' }]);
  });

  it('lets nobody in without TLS', async () => {
    await expect(asked(false)).rejects.toThrow('no encryption');
  });

  it('is not believed by who trusts the authority of the edge alone', async () => {
    await expect(asked({ ca: textOf('mounted/tls/ca.pem') })).rejects.toMatchObject({ code: /UNABLE_TO|SELF_SIGNED/ });
  });

  it('has a key of its own that nobody else reads', () => {
    expect((statSync(places('/var/run/postgresql/key.pem')).mode & 0o777).toString(8)).toBe('600');
  });
});

describe('NATS of docker-compose.yml', () => {
  let nats;
  beforeAll(async () => {
    const config = textOf('mounted/nats.conf')
      .replaceAll('/etc/nats/tls', compose('mounted/inside/nats'))
      .replace('"/data"', JSON.stringify(path.join(directory, 'streams')));
    nats = await startNats({ directory: path.join(directory, 'nats'), config });
  }, 30_000);
  afterAll(() => nats?.stop());

  it('lets in a service with its password and the certificate', async () => {
    const { username, password, protocol, hostname } = new URL(parseEnv(textOf('token.env')).NATS_URL_TOKEN);
    expect([protocol, hostname]).toEqual(['tls:', 'nats']);
    const shown = { ca: client('ca'), cert: client('cert'), key: client('key') };
    expect(await greeted(nats.port, shown, username, password)).toContain('PONG');
    expect(await greeted(nats.port, shown, username, 'another')).toContain('Authorization Violation');
  });

  it('lets nobody in without the certificate', async () => {
    const { username, password } = new URL(parseEnv(textOf('token.env')).NATS_URL_TOKEN);
    await expect(greeted(nats.port, { ca: client('ca') }, username, password)).rejects.toThrow(/certificate/);
  });
});

describe('nginx of docker-compose.yml', () => {
  const text = readFileSync(path.join(root, 'docker/nginx.conf'), 'utf8');
  const agent = () => new Agent({ keepAlive: true, maxSockets: 1, ca: textOf('mounted/tls/ca.pem') });
  let token;
  let nginx;
  let port;
  let connections = 0;

  beforeAll(async () => {
    token = createServer((_, answer) => answer.end('token')).on('connection', () => connections++);
    await once(token.listen(0, '127.0.0.1'), 'listening');
    port = await freePort();
    const own = path.join(directory, 'nginx');
    mkdirSync(own);
    // Debian's is older than `resolve`: token is there, audit is a name of no address, and of the others nobody answers.
    const addresses = { token: `127.0.0.1:${token.address().port}`, audit: '127.0.0.1:1 down' };
    const config = text
      .replace('listen 8443', `listen 127.0.0.1:${port}`)
      .replaceAll(' /tmp/', ` ${own}/`)
      .replaceAll('/etc/nginx/tls', compose('mounted/tls'))
      .replaceAll(/ server (\w+):3000 resolve/g, (_, name) => ` server ${addresses[name] ?? '127.0.0.1:1'}`);
    writeFileSync(path.join(own, 'nginx.conf'), config);
    const [command, ...words] = services.proxy.command;
    const args = [...words, '-c', path.join(own, 'nginx.conf'), '-e', 'stderr'];
    nginx = startTethered({ command, args, log: path.join(own, 'log') });
    await nginx.ready(() => asked('/jwks', agent()).catch(() => undefined));
  }, 30_000);
  afterAll(async () => {
    await nginx?.stop('SIGTERM');
    token?.close();
  });

  /** One connection of the agent is one worker, which has its own connections to services. */
  async function asked(target, by) {
    const options = { agent: by, host: '127.0.0.1', port, path: target, headers: { host: 'localhost:8443' } };
    const [answer] = await once(get(options), 'response');
    answer.resume();
    await once(answer, 'end');
    return { status: answer.statusCode, ...answer.headers };
  }

  it('is one that looks names up itself, and keeps idle connections for less than half of a drain', () => {
    const [, major, minor, patch] = /^nginx:(\d+)\.(\d+)\.(\d+)$/.exec(services.proxy.image).map(Number);
    expect(major * 1e6 + minor * 1e3 + patch).toBeGreaterThanOrEqual(1_027_003);
    const pools = [...text.matchAll(/upstream (\w+) \{(.*)\}/g)].map(([, name, pool]) => [name, pool]);
    expect(pools.map(([name]) => name)).toEqual(serviceNames);
    for (const [name, pool] of pools) {
      expect(pool).toContain(` server ${name}:3000 resolve max_fails=0;`);
      const [, idle] = /keepalive_timeout (\d+)s;/.exec(pool);
      expect(Number(idle)).toBeLessThan(Number(services[name].environment.SIGNET_DRAIN) / 2);
    }
  });

  it('is where commands find the issuer, whose host is their own container', async () => {
    const [command, file] = services.tools.entrypoint;
    const own = path.join(directory, 'tools');
    mkdirSync(own);
    const [tools, program] = ['tools.cjs', 'signet.cjs'].map((name) => path.join(own, name));
    const mount = services.tools.volumes.find((volume) => volume.split(':')[1] === file);
    const changes = [
      ['8443', port],
      ["'proxy'", "'127.0.0.1'"],
      ["listen(port, '127.0.0.1')", "listen(port, '127.0.0.2')"],
      ['/signet/apps/signet/bin/signet.cjs', program],
    ];
    let text = readFileSync(path.join(root, mount.split(':')[0]), 'utf8');
    for (const [there, instead] of changes) {
      expect(text.split(there)).toHaveLength(2);
      text = text.replace(there, instead);
    }
    writeFileSync(tools, text);
    const asking = {
      host: '127.0.0.2',
      port,
      path: '/jwks',
      servername: 'localhost',
      ca: textOf('mounted/tls/ca.pem'),
    };
    writeFileSync(
      program,
      `require('node:https').get(${JSON.stringify({ ...asking, headers: { host: 'localhost:8443' } })}, (answer) => {
        answer.pipe(process.stdout);
        answer.once('end', () => console.log('', ...process.argv.slice(2)));
      });`,
    );
    const said = await run(command, [tools, 'doctor', '--json'], { timeout: 30_000 });
    expect(said.stdout).toBe('token doctor --json\n');
  });

  it('keeps its connections to a service', async () => {
    const before = connections;
    const one = agent();
    for (let request = 0; request < 3; request++) expect(await asked('/jwks', one)).toMatchObject({ status: 200 });
    expect(connections - before).toBeLessThanOrEqual(1);
    one.destroy();
  });

  it.each(['/logout', '/admin/v1/events'])(
    'answers 503 with Retry-After for %s, which nobody serves',
    async (target) => {
      const by = agent();
      expect(await asked(target, by)).toMatchObject({ status: 503, 'retry-after': '1', 'cache-control': 'no-store' });
      by.destroy();
    },
  );
});

/** What a server called nats answers to a client that takes it by TLS: docs.nats.io, client protocol. */
async function greeted(port, files, user, pass) {
  const plain = connect(port, '127.0.0.1');
  try {
    const [greeting] = await once(plain, 'data');
    expect(JSON.parse(String(greeting).slice('INFO '.length))).toMatchObject({ tls_required: true, tls_verify: true });
    const secure = connectTls({ socket: plain, servername: 'nats', ...files });
    await once(secure, 'secureConnect');
    secure.write(`CONNECT ${JSON.stringify({ user, pass, verbose: false, pedantic: false })}\r\nPING\r\n`);
    for (let answer = ''; ; answer += String((await once(secure, 'data'))[0]))
      if (/PONG|-ERR/.test(answer)) return answer;
  } finally {
    plain.destroy();
  }
}
