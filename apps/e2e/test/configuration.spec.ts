import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Plane, root } from '../src/index.js';

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly complaint: string;
}

let plane: Plane;
beforeAll(async () => {
  // Nothing is declared.
  plane = await Plane.start({ form: 'one process', configuration: '' });
}, 90_000);
afterAll(() => plane.stop());

/** Runs a line as somebody at a shell would, with what this plane's operator has in the environment. */
function shell(line: string, more: Readonly<Record<string, string>> = {}, typed = ''): Promise<Ended> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: plane.directory, ...plane.env, ...more };
  const child = spawn('bash', ['-c', line], { cwd: root, env });
  let [out, complaint] = ['', ''];
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (complaint += data.toString()));
  child.stdin.end(typed);
  return new Promise((resolve) =>
    child.once('close', (code) => {
      resolve({ code, out, complaint });
    }),
  );
}

const program = `${process.execPath} apps/signet/bin/signet.cjs`;
const signet = (args: string, more?: Readonly<Record<string, string>>) => shell(`${program} ${args}`, more);

/** A file of these tenants. */
function fileOf(name: string, ...tenants: object[]): string {
  const file = path.join(plane.directory, name);
  writeFileSync(file, JSON.stringify({ tenants }));
  return file;
}

const token = async (tenant: string, client: string, secret: string, scope: string): Promise<number> => {
  const headers = {
    authorization: `Basic ${Buffer.from(`${client}:${encodeURIComponent(secret)}`).toString('base64')}`,
  };
  const body = new URLSearchParams({ grant_type: 'client_credentials', scope });
  return (await fetch(`${plane.issuer}/token${tenant}`, { method: 'POST', headers, body })).status;
};

describe('README: from an empty database', () => {
  const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
  const section = /<!-- from an empty database -->\s*```sh\n([^]*?)```\s*<!-- \/from an empty database -->/.exec(
    readme,
  );
  const lines = (section?.[1] ?? '').split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const [setting, commands] = [
    lines.filter((line) => !line.startsWith('npm ')),
    lines.filter((line) => line.startsWith('npm ')),
  ];
  let secrets: Record<string, string>;

  beforeAll(async () => {
    const { out } = await shell(`${setting.join('\n')}\nenv`);
    const set = out.split('\n').flatMap((line) => /^([A-Z]+_(?:SECRET|PASSWORD))=(.+)$/.exec(line)?.slice(1) ?? []);
    secrets = Object.fromEntries(set.flatMap((name, index) => (index % 2 === 0 ? [[name, set[index + 1] ?? '']] : [])));
  });

  it('leads to two tenants, ten clients and their users, each line as it stands there', async () => {
    expect(Object.keys(secrets)).toHaveLength(10);
    const ended: Ended[] = [];
    for (const line of commands) ended.push(await shell(line, secrets));
    const [checked, planned, applied, again, exported, pruned] = ended;
    expect(ended.map(({ code }) => code)).toEqual([0, 2, 0, 0, 0, 0]);
    expect(checked?.out).toContain('examples/company.yaml: 2 tenants, no faults');
    expect(planned?.out).toMatch(/^ {2}\+ client shop$/m);
    expect(planned?.out).toMatch(/^ {6}password: \(new\)$/m);
    expect(planned?.out).toMatch(/^\d+ to create, 0 to change, 0 to delete\.$/m);
    expect(applied?.out).toMatch(/^plan pln_\w+: \d+ changes$/m);
    expect(again?.out).toMatch(/^Nothing would change\.$/m);
    expect(exported?.out).toBe('');
    expect(pruned?.out).toMatch(/: 0 changes$/m);
    for (const secret of Object.values(secrets)) expect(ended.map(({ out }) => out).join('')).not.toContain(secret);
    const file = readFileSync(path.join(plane.directory, 'exported.yaml'), 'utf8');
    expect(file.match(/^ {6}- client_id: /gm)).toHaveLength(10);
    expect(file.match(/^ {6}- username: /gm)).toHaveLength(3);
    expect(await token('', 'nightly', secrets['NIGHTLY_SECRET'] ?? '', 'orders:write')).toBe(200);
    expect(await token('/t/globex', 'meter', secrets['METER_SECRET'] ?? '', 'meters:write')).toBe(200);
  }, 120_000);

  it('exports what applies as no change, with what the secrets are', async () => {
    const file = path.join(plane.directory, 'exported.yaml');
    const named = Object.entries({
      DEFAULT: ['SHOP', 'INTRANET', 'WIKI', 'ORDERS', 'NIGHTLY'],
      GLOBEX: ['PORTAL', 'METER'],
    }).flatMap(([tenant, clients]) =>
      clients.map((client) => [`SIGNET_${tenant}_${client}_SECRET`, secrets[`${client}_SECRET`] ?? '']),
    );
    const known = Object.fromEntries(named) as Record<string, string>;
    expect(await signet(`plan --config ${file} --prune`, known)).toMatchObject({ code: 0, complaint: '' });
    const { out } = await signet(`plan --config ${file}`, { ...known, SIGNET_DEFAULT_WIKI_SECRET: 'x'.repeat(40) });
    expect(out).toContain('  ~ client wiki\n      client_secret: (changed)\n');
  }, 60_000);
});

describe('signet plan and apply', () => {
  const client = (id: string, changed: object = {}) => ({
    ...{
      client_id: id,
      client_secret: 'a secret of thirty-two characters',
      grant_types: ['client_credentials'],
      ...changed,
    },
  });

  it('sets a password once, and shows of it no more than that', async () => {
    const declared = (password: string) =>
      fileOf('password.yaml', { slug: 'password', name: 'P', users: [{ username: 'dave', password }] });
    expect((await signet(`apply --config ${declared('first password')}`)).code).toBe(0);
    expect((await signet(`plan --config ${declared('first password')}`)).code).toBe(0);
    const changed = await signet(`plan --config ${declared('second password')}`);
    expect(changed).toMatchObject({ code: 2 });
    expect(changed.out).toContain('  ~ user dave\n      password: (changed)\n');
    expect(changed.out).not.toMatch(/second|\u001b/);
    expect((await signet(`apply --config ${declared('second password')}`)).out).toMatch(/: 1 changes$/m);
    expect((await signet(`plan --config ${declared('second password')}`)).code).toBe(0);
  }, 60_000);

  it('says who changed, as the audit log has it, what a file had declared, and puts it back', async () => {
    const tenant = { slug: 'drift', name: 'D', registration: { mode: 'open' } };
    await signet(`apply --config ${fileOf('drift.yaml', tenant)}`);
    const headers = { 'content-type': 'application/json' };
    const metadata = { client_name: 'Mine', grant_types: ['client_credentials'] };
    const answer = await fetch(`${plane.issuer}/register/t/drift`, {
      method: 'POST',
      headers,
      body: JSON.stringify(metadata),
    });
    const registered = (await answer.json()) as Record<
      'client_id' | 'client_secret' | 'registration_access_token' | 'registration_client_uri',
      string
    >;
    const { client_id, client_secret } = registered;
    const file = fileOf('drift.yaml', {
      ...tenant,
      clients: [client(client_id, { client_secret, client_name: 'Ours' })],
    });
    expect((await signet(`apply --config ${file}`)).code).toBe(0);
    const bearer = { ...headers, authorization: `Bearer ${registered.registration_access_token}` };
    const body = JSON.stringify({ ...metadata, client_id, client_name: 'Theirs' });
    expect((await fetch(registered.registration_client_uri, { method: 'PUT', headers: bearer, body })).status).toBe(
      200,
    );

    const { code, out } = await signet(`plan --json --config ${file}`);
    expect(code).toBe(2);
    const { changes } = JSON.parse(out) as { changes: { members: object[]; drift?: { by?: string } }[] };
    expect(changes).toMatchObject([{ tenant: 'drift', kind: 'clients', name: client_id, action: 'update' }]);
    expect(changes[0]?.members).toContainEqual({ member: 'client_name', before: 'Theirs', after: 'Ours' });
    expect(changes[0]?.drift).toMatchObject({ by: 'anonymous' });
    const applied = await signet(`apply --config ${file}`);
    expect(applied.out).toContain(`was changed at `);
    expect((await signet(`plan --config ${file}`)).code).toBe(0);
  }, 60_000);

  it('prunes the lists that the file has, and more than ten objects only when told so', async () => {
    const catalogue = {
      resource_servers: [{ identifier: 'https://a.example', name: 'A' }],
      scopes: [{ name: 'a:read', description: 'A', resource_server: 'https://a.example' }],
    };
    const clients = Array.from({ length: 11 }, (_, index) => client(`c${index}`, { scope: 'a:read' }));
    const roles = [{ name: 'reader' }];
    await signet(`apply --config ${fileOf('prune.yaml', { slug: 'prune', name: 'P', ...catalogue, clients, roles })}`);
    const none = fileOf('none.yaml', { slug: 'prune', name: 'P', ...catalogue, clients: [] });
    expect((await signet(`plan --config ${none}`)).out).toContain(
      'not in the file: 1 roles (1 once declared), 11 clients (11 once declared)',
    );
    expect((await signet(`plan --prune --config ${none}`)).out).toContain('0 to create, 0 to change, 11 to delete.');
    const refused = await signet(`apply --prune --config ${none}`);
    expect(refused).toMatchObject({
      code: 1,
      complaint: expect.stringContaining('11 objects would be deleted: say --yes'),
    });
    expect(await token('/t/prune', 'c0', 'a secret of thirty-two characters', 'a:read')).toBe(200);
    expect((await signet(`apply --prune --yes --config ${none}`)).out).toMatch(/: 11 changes$/m);
    expect(await token('/t/prune', 'c0', 'a secret of thirty-two characters', 'a:read')).toBe(401);
    expect((await signet(`export --tenant prune`)).out).toContain('- name: reader');
  }, 60_000);

  it('asks at a terminal, in colour unless that is not wanted', async () => {
    const file = fileOf('asked.yaml', { slug: 'asked', name: 'Asked' });
    const atTerminal = (typed: string, more?: Readonly<Record<string, string>>) =>
      shell(`script -qec '${program} apply --config ${file}' /dev/null`, more, typed);
    const refused = await atTerminal('no\n');
    expect(refused.out).toContain('\u001b[32m  + tenant asked\u001b[0m');
    expect(refused.out).toContain('nothing was applied');
    expect(refused.code).toBe(1);
    const taken = await atTerminal('yes\n', { NO_COLOR: '1' });
    expect(taken.out).not.toContain('\u001b[32m');
    expect(taken.out).toMatch(/plan pln_\w+: \d+ changes/);
    expect((await signet(`plan --config ${file}`)).code).toBe(0);
  }, 60_000);
});
