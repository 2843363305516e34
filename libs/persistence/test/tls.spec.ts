import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
/* eslint-disable @nx/enforce-module-boundaries -- tools/ is plain Node, no project; @signet/testing builds on this library */
import { newAuthority, type Authority } from '../../../tools/authority.mjs';
import { throwawayPostgres, type ThrowawayServer } from '../../../tools/throwaway.mjs';
/* eslint-enable @nx/enforce-module-boundaries */
import { Database, DatabaseUntrusted, migrate, prepareDatabase, statement } from '../src/index.js';
import { as, emptyDatabase, until } from './suite.js';

const directory = mkdtempSync(path.join(tmpdir(), 'signet-persistence-tls-'));
const file = (name: string, text?: string): string => {
  const at = path.join(directory, name);
  if (text !== undefined) writeFileSync(at, text, { mode: 0o600 });
  return at;
};

const session = statement<object, { pid: number; encrypted: boolean }>({
  name: 'owner.tls.session',
  text: 'select pid, ssl as encrypted from pg_stat_ssl where pid = pg_backend_pid()',
  parameters: () => [],
  row: z.object({ pid: z.int(), encrypted: z.boolean() }),
});

interface Certificates {
  readonly by: Authority;
  readonly names?: readonly string[];
  readonly days?: number;
}

let authority: Authority;
let serverTls: { ca: string; cert: string; key: string };
let server: ThrowawayServer;

async function serverHas({ by, names = ['localhost', '127.0.0.1'], days = 1 }: Certificates): Promise<void> {
  serverTls = { ca: by.ca, ...(await by.issue({ names, days })) };
}

async function clientsHave(by: Authority, suffix = ''): Promise<void> {
  const { cert, key } = await by.issue({ names: ['signet'], uses: ['client'] });
  file(`ca${suffix}.pem`, by.ca);
  file(`client${suffix}.pem`, cert);
  file(`client-key${suffix}.pem`, key);
}

function secured(url: string, { host = '127.0.0.1', suffix = '', certificate = true } = {}): string {
  const changed = Object.assign(new URL(url), { hostname: host });
  changed.searchParams.set('sslmode', 'verify-full');
  changed.searchParams.set('sslrootcert', file(`ca${suffix}.pem`));
  if (!certificate) return changed.href;
  changed.searchParams.set('sslcert', file(`client${suffix}.pem`));
  changed.searchParams.set('sslkey', file(`client-key${suffix}.pem`));
  return changed.href;
}

const adminUrl = (options = {}) => secured(server.url, options);
const ownerUrl = (options = {}) => as(adminUrl(options), 'signet_owner', 'suite');
const open = (url = ownerUrl()) =>
  Database.open({ url, service: 'owner', allowUnsafeDurability: true, background: false, connectTimeout: 15_000 });

async function restartServer(certificates: Certificates): Promise<void> {
  await server.halt();
  await serverHas(certificates);
  server = await server.again();
}

beforeAll(async () => {
  authority = await newAuthority({ name: 'ours', days: 1 });
  await serverHas({ by: authority });
  await clientsHave(authority);
  server = await throwawayPostgres({ tls: () => serverTls });
});
afterAll(async () => {
  await server.stop();
  rmSync(directory, { recursive: true });
});

describe('sslmode=verify-full', () => {
  beforeAll(async () => {
    await prepareDatabase({ adminUrl: adminUrl(), services: [{ name: 'owner', password: 'suite' }] });
    await migrate({ url: ownerUrl(), service: 'owner', migrations: [] });
  });

  it('encrypts statements, transactions of both kinds and the lease of the outbox', async () => {
    const database = await open();
    expect((await database.execute(session, {}))[0]?.encrypted).toBe(true);
    const encrypted = 'select ssl as encrypted from pg_stat_ssl where pid = pg_backend_pid()';
    await database.runWithEntities(async (tx) => {
      expect(await tx.manager.query(encrypted)).toEqual([{ encrypted: true }]);
    });
    const lease = await database.outbox.lease();
    await lease.release();
    await database.close();
  });

  it('takes certificates up that were replaced, at the next connection', async () => {
    const database = await open();
    const before = await database.first(session, {});
    const next = await newAuthority({ name: 'the next', days: 1 });
    await clientsHave(next);
    expect((await database.first(session, {}))?.pid).toBe(before?.pid);
    await restartServer({ by: next });
    const answered = () => database.first(session, {}).catch(() => undefined);
    await until(async () => (await answered()) !== undefined);
    expect(await answered()).toMatchObject({ encrypted: true });
    expect((await answered())?.pid).not.toBe(before?.pid);
    const lease = await database.outbox.lease();
    await lease.release();
    await database.close();
    await clientsHave(authority);
    await restartServer({ by: authority });
  });

  it('goes on with what it has while the files are half written', async () => {
    const database = await open();
    const { key } = await authority.issue({ names: ['signet'], uses: ['client'] });
    file('client-key.pem', key.slice(0, 100));
    rmSync(file('ca.pem'));
    const sessions = await Promise.all([1, 2, 3].map(() => database.first(session, {})));
    expect(new Set(sessions.map((one) => one?.pid)).size).toBe(3);
    await database.close();
    await clientsHave(authority);
  });

  it.each<[string, Certificates['names'], number, RegExp]>([
    ['for another host', ['postgres.example'], 1, /at 127\.0\.0\.1 is not for this host/],
    ['that has ended', undefined, -1, /at 127\.0\.0\.1 has expired/],
  ])('refuses a server with a certificate %s', async (_, names, days, reason) => {
    await restartServer({ by: authority, days, ...(names && { names }) });
    await expect(open()).rejects.toThrow(reason);
    await expect(open()).rejects.toBeInstanceOf(DatabaseUntrusted);
    await restartServer({ by: authority });
  });

  it('refuses a server of an authority that it does not know', async () => {
    await clientsHave(await newAuthority({ name: 'a stranger', days: 1 }), '-strange');
    await expect(open(ownerUrl({ suffix: '-strange' }))).rejects.toThrow(/not trusted: sslrootcert .*ca-strange\.pem/);
  });

  it('is told what to do by a server that demands a certificate', async () => {
    await expect(open(ownerUrl({ certificate: false }))).rejects.toThrow(/demands a client certificate: name it/);
    const mixed = new URL(ownerUrl({ suffix: '-strange' }));
    mixed.searchParams.set('sslrootcert', file('ca.pem'));
    await expect(open(mixed.href)).rejects.toThrow(/refuses our certificate: sslcert .*client-strange\.pem/);
  });

  it('refuses a server that speaks no TLS', async () => {
    const plain = await emptyDatabase();
    await expect(open(secured(plain.adminUrl))).rejects.toThrow(/speaks no TLS: set ssl = on/);
    await plain.drop();
  });
});
