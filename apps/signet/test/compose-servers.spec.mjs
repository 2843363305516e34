import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkServerIdentity, connect as connectTls } from 'node:tls';
import { parseEnv } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { parse } from 'yaml';

import { composeFiles } from '../../../tools/compose-files.mjs';
import { startNats } from '../../../tools/embedded-nats.mjs';
import { startPostgres } from '../../../tools/embedded-postgres.mjs';

const root = path.resolve(import.meta.dirname, '../../..');
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
