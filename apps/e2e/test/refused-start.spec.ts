import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { throwawayNats, type ThrowawayServer } from '@signet/testing';
import { freePort } from '@signet/testing';
import { Plane, Program, root, signet, until } from '../src/index.js';

const directory = mkdtempSync(path.join(tmpdir(), 'signet-e2e-refused-'));
const otherKeyring = path.join(directory, 'other.json');

let plane: Plane;
beforeAll(async () => {
  plane = await Plane.start({ form: 'one process' });
  await signet(['keyring', 'create', '--file', otherKeyring], {});
}, 90_000);
afterAll(async () => {
  await plane.stop();
  rmSync(directory, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  /** Of the standard error. */
  readonly lastLine: string;
  readonly log: string;
}

/** A second token of the plane, told otherwise; one that starts all the same is stopped by the test's time. */
async function start(env: Readonly<Record<string, string>>): Promise<Ended> {
  const child = spawn(process.execPath, ['apps/signet/bin/signet.cjs', 'serve', 'token'], {
    cwd: root,
    env: {
      PATH: process.env['PATH'] ?? '',
      ...plane.env,
      PORT: String(await freePort()),
      SIGNET_MANAGEMENT_PORT: '0',
      ...env,
    },
  });
  let errors = '';
  let log = '';
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
  child.stdout.on('data', (data: Buffer) => (log += data.toString()));
  const late = setTimeout(() => child.kill(), 30_000);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearTimeout(late);
  return { code, lastLine: errors.trimEnd().split('\n').at(-1) ?? '', log };
}

const changed = (url: string, parts: Partial<URL>) => Object.assign(new URL(url), parts).href;
const databaseUrl = () => plane.env['DATABASE_URL_TOKEN'] ?? '';
const natsUrl = () => plane.env['NATS_URL_TOKEN'] ?? '';

describe('a service that something has to be mended for ends with a sentence and exit code 2', () => {
  it.each<[string, () => Readonly<Record<string, string>>, RegExp]>([
    [
      'another password of PostgreSQL',
      () => ({ DATABASE_URL_TOKEN: changed(databaseUrl(), { password: 'wrong-password' }) }),
      /refuses the password of signet_token.*signet database prepare/,
    ],
    [
      'a database that is not there',
      () => ({ DATABASE_URL_TOKEN: changed(databaseUrl(), { pathname: '/nowhere' }) }),
      /has no database nowhere: make it/,
    ],
    [
      'a database without the services',
      () => ({ DATABASE_URL_TOKEN: changed(plane.database.url, { pathname: '/template1' }) }),
      /no schema token: run `signet database prepare` first/,
    ],
    ['a server that may lose commits', () => ({ SIGNET_TEST: '' }), /fsync is off.*Turn it on/],
    [
      'another issuer',
      () => ({ SIGNET_ISSUER: 'http://localhost:1' }),
      /belongs to the installation http:\/\/localhost:\d+, and SIGNET_ISSUER is http:\/\/localhost:1/,
    ],
    [
      'another keyring',
      () => ({ SIGNET_KEYRING: otherKeyring }),
      /an installation with another keyring.*put its keyring back/,
    ],
    [
      'another password of NATS',
      () => ({ NATS_URL_TOKEN: changed(natsUrl(), { password: 'wrong-password' }) }),
      /does not know the user token with this password.*signet nats config/,
    ],
  ])(
    '%s',
    async (_, env, sentence) => {
      const { code, lastLine, log } = await start(env());
      expect(lastLine).toMatch(sentence);
      expect(code).toBe(2);
      expect(`${lastLine}${log}`).not.toContain('wrong-password');
    },
    60_000,
  );

  it('a database that a newer version has contracted', async () => {
    await plane.query((client) =>
      client.query(
        `insert into token.migration_digest (key, sha256, needs) values ('later_1700000009999', '', 'next_1700000009998')`,
      ),
    );
    const { code, lastLine } = await start({});
    expect(lastLine).toMatch(/ahead of this version: its step later_1700000009999 .*Run the version that made it/);
    expect(code).toBe(2);
    await plane.query((client) => client.query(`delete from token.migration_digest where key like 'later%'`));
  }, 60_000);
});

describe('a NATS of another installation', () => {
  let server: ThrowawayServer;
  beforeAll(async () => {
    server = await throwawayNats();
  });
  afterAll(() => server.stop());

  it('is refused, and adopted where the operator says so', async () => {
    // Another database and keyring, first come to this NATS.
    const other = await Plane.start({ form: 'one process', env: natsOf(server.url) });
    await other.stop();
    const { code, lastLine } = await start(natsOf(server.url));
    expect(lastLine).toMatch(/SIGNET_EVENTS of this NATS belongs to the installation .*signet installation adopt/);
    expect(code).toBe(2);

    await expect(plane.signet('installation', 'adopt')).rejects.toThrow('stop every service first');
    await plane.part('token').program.stop();
    const adopted = await signet(['installation', 'adopt'], { ...plane.env, ...natsOf(server.url) });
    expect(adopted).toContain('the stream: adopted');
    const log = path.join(directory, 'adopted.log');
    const env = { ...plane.env, ...natsOf(server.url), PORT: String(await freePort()), SIGNET_MANAGEMENT_PORT: '0' };
    const program = new Program('token', process.execPath, ['apps/signet/bin/signet.cjs', 'serve', 'token'], env, log);
    await until('a start', () => plainly(log));
    await program.stop();
    await plane.part('token').start();
  }, 120_000);
});

const natsOf = (url: string) =>
  Object.fromEntries(
    ['AUTHN', 'TOKEN', 'SESSION', 'DIRECTORY', 'AUDIT', 'OPERATOR'].map((name) => [`NATS_URL_${name}`, url]),
  );

async function plainly(log: string): Promise<true | undefined> {
  const { readFile } = await import('node:fs/promises');
  return (await readFile(log, 'utf8')).includes('"event":"started"') ? true : undefined;
}
