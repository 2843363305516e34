import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { AuditLog, consoleClient, Plane, root, twinTenants, until } from '../src/index.js';

let plane: Plane;
let directory: string;
let key: string;

const file = (name: string) => join(directory, name);
const log = () => `${plane.issuer}/audit/v1/log`;

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly complaint: string;
}

/** The built command, as who verifies runs it: with what it is given, and no way to the plane's own parts. */
function signet(...args: readonly string[]): Promise<Ended> {
  const env = { PATH: process.env['PATH'] ?? '', SIGNET_DATA: '/nonexistent', XDG_STATE_HOME: file('state') };
  return new Promise((resolve) => {
    execFile(process.execPath, ['apps/signet/bin/signet.cjs', ...args], { cwd: root, env }, (error, out, complaint) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, complaint });
    });
  });
}

async function token(id: string, secret: string, scope: string): Promise<string> {
  const answer = await fetch(`${plane.issuer}/token`, {
    method: 'POST',
    headers: { Authorization: `Basic ${btoa(`${id}:${secret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
  });
  return z.object({ access_token: z.string() }).parse(await answer.json()).access_token;
}

/** All that happened is in the log, and signed. */
async function signed(): Promise<void> {
  await new AuditLog(plane).settled();
  await plane.query((client) =>
    until('every log to be signed', async () => {
      const { rows } = await client.query(
        'select from audit.log_head head left join audit.tree using (tenant_id) where head.size > coalesce(tree.size, 0)',
      );
      return rows.length === 0 || undefined;
    }),
  );
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'signet-audit-log-'));
  plane = await Plane.start({ form: 'one process', configuration: twinTenants([consoleClient]) });
  await writeFile(file('token'), await token(consoleClient.client_id, consoleClient.client_secret, 'signet:admin'));
  await signed();
  key = (await plane.signet('audit', 'key')).trim();
  await writeFile(file('key'), `${key}\n`);
}, 120_000);
afterAll(async () => {
  await plane.stop();
  await rm(directory, { recursive: true, force: true });
});

const verify = (...more: readonly string[]) =>
  signet('audit', 'verify', log(), '--key', file('key'), '--token-file', file('token'), ...more);

describe('signet audit', () => {
  it('verifies a log by its URL, and that it begins with what was seen of it', async () => {
    expect((await fetch(`${log()}/key`).then((answer) => answer.text())).trim()).toBe(key);
    const first = await verify();
    expect(first).toMatchObject({ code: 0, complaint: '' });
    expect(first.out).toMatch(/all \d+ entries fit; nothing was seen of it before/);
    await token(consoleClient.client_id, consoleClient.client_secret, 'signet:admin');
    await signed();
    const second = await verify();
    expect(second).toMatchObject({ code: 0 });
    expect(second.out).toMatch(/all \d+ entries fit; it begins with what was seen of it before/);
  }, 60_000);

  it('says that it was not let in, and that the key is of another log', async () => {
    const without = await signet('audit', 'verify', log(), '--key', key);
    expect(without).toMatchObject({ code: 1, out: '' });
    expect(without.complaint).toMatch('entries need --token-file');
    await writeFile(file('globex.key'), await plane.signet('audit', 'key', '--tenant', 'globex'));
    const other = await signet('audit', 'verify', log(), '--key', file('globex.key'), '--token-file', file('token'));
    expect(other.code).toBe(3);
    expect(other.out).toMatch('not signed by this key');
  }, 60_000);

  it('lists events of what their types begin with', async () => {
    const listed = await plane.signet('events', 'list', '--type', 'signet.directory.*', '--json');
    const types = listed
      .trim()
      .split('\n')
      .map((line) => z.object({ type: z.string() }).parse(JSON.parse(line)).type);
    expect(new Set(types).size).toBeGreaterThan(1);
    expect(types.filter((type) => !type.startsWith('signet.directory.'))).toEqual([]);
  });

  it('proves an event to who has the key alone', async () => {
    const [line = ''] = (await plane.signet('events', 'list', '--limit', '1', '--json')).split('\n');
    const { id } = z.object({ id: z.string() }).parse(JSON.parse(line));
    await signed();
    await writeFile(file('proof'), await plane.signet('audit', 'prove', id));
    const checked = await signet('audit', 'verify', '--proof', file('proof'), '--key', file('key'));
    expect(checked).toMatchObject({ code: 0 });
    expect(checked.out).toContain(id);
    const forged = (await readFile(file('proof'), 'utf8')).replace(/^index \d+$/m, 'index 0');
    await writeFile(file('forged'), forged);
    expect((await signet('audit', 'verify', '--proof', file('forged'), '--key', file('key'))).code).toBe(3);
  }, 60_000);

  it('copies a log, in which one byte that was changed is found', async () => {
    const mirror = file('mirror');
    const copied = await signet('audit', 'mirror', log(), '--to', mirror, '--token-file', file('token'));
    expect(copied).toMatchObject({ code: 0 });
    const verifyCopy = () => signet('audit', 'verify', mirror, '--key', file('key'));
    expect(await verifyCopy()).toMatchObject({ code: 0 });
    const size = Number((await readFile(join(mirror, 'checkpoint'), 'utf8')).split('\n')[1]);
    const bundle = join(mirror, `tile/entries/000${size < 256 ? `.p/${size}` : ''}`);
    const bytes = await readFile(bundle);
    const { id } = z
      .object({ id: z.string() })
      .parse(JSON.parse(bytes.subarray(2, 2 + bytes.readUInt16BE()).toString()));
    await writeFile(
      bundle,
      Buffer.from(
        bytes.toString('latin1').replace(/"time": ?"2/, (found) => found.replace('2', '3')),
        'latin1',
      ),
    );
    expect(await verifyCopy()).toMatchObject({ code: 3 });
    expect((await verifyCopy()).out).toMatch(`entry 0 (event ${id})`);
  }, 60_000);
});
