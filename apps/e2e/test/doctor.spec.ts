import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { forms, Plane, root } from '../src/index.js';

interface Finding {
  readonly check: string;
  readonly subject: string;
  readonly state: 'ok' | 'warning' | 'fault';
  readonly found: string;
  readonly advice?: string;
}

let plane: Plane;

async function doctor(
  env: Readonly<Record<string, string>> = {},
  json = true,
): Promise<{ code: number | null; text: string }> {
  const child = spawn(process.execPath, ['apps/signet/bin/signet.cjs', 'doctor', ...(json ? ['--json'] : [])], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', ...plane.env, ...env },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (text += data.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, text };
}

async function diagnose(env: Readonly<Record<string, string>> = {}) {
  const { code, text } = await doctor(env);
  const { findings } = JSON.parse(text) as { findings: readonly Finding[] };
  const told = (state: Finding['state']) =>
    findings.filter((finding) => finding.state === state).map(({ check, subject }) => `${check} ${subject}`);
  return { code, text, findings, told };
}

/** What a database for tests is, and shows. */
const ofTests = ['authn', 'token', 'session', 'directory', 'audit'].map((service) => `database.server ${service}`);

describe.each(forms)('signet doctor of %s', (form) => {
  beforeAll(async () => {
    plane = await Plane.start({ form, env: form === 'one process' ? {} : { SIGNET_TRUSTED_PROXIES: '127.0.0.1' } });
  }, 120_000);
  afterAll(() => plane.stop());

  it('finds nothing to mend, and changes nothing', async () => {
    const before = await shape();
    const { code, told, findings } = await diagnose();
    expect(told('fault')).toEqual([]);
    expect(told('warning')).toEqual(ofTests);
    expect(code).toBe(0);
    expect(new Set(findings.map(({ check }) => check)).size).toBeGreaterThan(20);
    expect(await shape()).toEqual(before);
  }, 60_000);
});

const shape = () =>
  plane.query(async (client) => {
    const { rows } = await client.query<object>(
      `select table_schema, table_name, column_name from information_schema.columns where table_schema in ('authn', 'token', 'session', 'directory', 'audit') order by 1, 2, 3`,
    );
    return rows;
  });

describe('signet doctor where faults were planted', () => {
  beforeAll(async () => {
    plane = await Plane.start({ form: 'one process' });
  }, 90_000);
  afterAll(() => plane.stop());

  const wrong = (name: string) => Object.assign(new URL(plane.env[name] ?? ''), { password: 'wrong-password' }).href;

  it('tells of each, says what to do, and shows no secret', async () => {
    const keyring = path.join(plane.directory, 'open.json');
    copyFileSync(plane.env['SIGNET_KEYRING'] ?? '', keyring);
    chmodSync(keyring, 0o644);
    await plane.query(async (client) => {
      await client.query('grant usage on schema authn to signet_session');
      await client.query('update directory.origin set relation = 1');
      await client.query(`update audit.installation set issuer = 'https://other.example'`);
    });
    const { code, text, told, findings } = await diagnose({
      DATABASE_URL_TOKEN: wrong('DATABASE_URL_TOKEN'),
      NATS_URL_AUTHN: wrong('NATS_URL_AUTHN'),
      SIGNET_KEYRING: keyring,
      SIGNET_TRUSTED_PROXIES: '0.0.0.0/0',
    });
    expect(code).toBe(1);
    expect(told('fault')).toEqual([
      'database.reached token',
      'database.origin directory',
      'database.installation audit',
      'nats.reached authn',
      `proxy.trust ${plane.issuer}`,
    ]);
    expect(told('warning')).toEqual([
      `keyring.file ${keyring}`,
      ...ofTests.filter((one) => !one.endsWith('token')),
      'database.privileges session',
    ]);
    for (const { state, advice } of findings) expect(advice === undefined).toBe(state === 'ok');
    for (const secret of ['wrong-password', 'test-role-password']) expect(text).not.toContain(secret);
    await plane.query(async (client) => {
      await client.query('revoke usage on schema authn from signet_session');
      await client.query(`update directory.origin set relation = 'directory.origin'::regclass`);
      await client.query('update audit.installation set issuer = $1', [plane.issuer]);
    });
  }, 60_000);

  it('tells in lines for people what a program gets as JSON', async () => {
    const { code, text } = await doctor({ SIGNET_ISSUER: 'http://localhost:1' }, false);
    expect(code).toBe(1);
    expect(text).toMatch(/^fault {4}issuer\.discovery +http:\/\/localhost:1: nobody answers there \(unreachable\)$/m);
    expect(text).toMatch(/^ +→ See that Signet and the proxy run/m);
    expect(text).toMatch(/database\.installation +authn, token, session, directory, audit: of http:\/\/localhost/);
  }, 60_000);

  it('goes on where neither Postgres nor NATS answers', async () => {
    const nowhere = Object.fromEntries(
      Object.keys(plane.env)
        .filter((name) => /^(?:DATABASE|NATS)_URL_/.test(name))
        .map((name) => [name, name.startsWith('NATS') ? 'nats://a:b@127.0.0.1:1' : 'postgres://a:b@127.0.0.1:1/c']),
    );
    const { code, findings } = await diagnose(nowhere);
    expect(code).toBe(1);
    const of = (check: string) => findings.filter((finding) => finding.check === check).map(({ state }) => state);
    expect(of('database.reached')).toEqual(Array(5).fill('fault'));
    expect(of('nats.reached')).toEqual(Array(5).fill('fault'));
    expect(of('issuer.discovery')).toEqual(['ok']);
  }, 60_000);
});
