import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { connectNats, linkOf, natsServerConfig, TlsFault, type NatsTlsFiles } from '../src/index.js';
import type { Log } from '../src/log.js';
import { eventually } from './broker.js';
import { newAuthority, throwawayNats, type Authority, type ThrowawayServer } from './embedded-servers.js';

const directory = mkdtempSync(path.join(tmpdir(), 'signet-messaging-tls-'));
const file = (name: string, text: string): string => {
  const at = path.join(directory, name);
  writeFileSync(at, text, { mode: 0o600 });
  return at;
};

let authority: Authority;
let stranger: Authority;
let server: ThrowawayServer | undefined;

interface Serving {
  readonly by?: Authority;
  readonly names?: readonly string[];
  readonly days?: number;
  /** Whose certificates clients must have; nobody's when absent. */
  readonly clientsOf?: Authority;
  readonly port?: number;
}

/** A nats-server with a certificate; its files are the same ones each time. */
async function serve({ by = authority, names = ['localhost'], days = 1, clientsOf, port }: Serving = {}) {
  const { cert, key } = await by.issue({ names, days });
  const tls = { certFile: file('server.pem', cert), keyFile: file('server-key.pem', key) };
  const config = natsServerConfig({
    services: { token: { password: 'secret' } },
    tls: { ...tls, ...(clientsOf && { caFile: file('clients.pem', clientsOf.ca) }) },
  });
  server = await throwawayNats({ config, ...(port !== undefined && { port }) });
}

/** What a process shows to NATS and trusts. */
async function filesBy(of: Authority): Promise<NatsTlsFiles> {
  const { cert, key } = await of.issue({ names: ['token'], uses: ['client'] });
  return { caFile: file('ca.pem', of.ca), certFile: file('client.pem', cert), keyFile: file('client-key.pem', key) };
}

const connecting = (
  tls: NatsTlsFiles | undefined,
  { host = 'localhost', log, wait = false }: { host?: string; log?: Log; wait?: boolean } = {},
) =>
  connectNats({
    url: `tls://token:secret@${host}:${server?.port ?? 0}`,
    ...{ service: 'token', name: 'spec', waitOnFirstConnect: wait, tls },
    ...(log && { log }),
  });

beforeAll(async () => {
  authority = await newAuthority({ name: 'ours', days: 1 });
  stranger = await newAuthority({ name: 'a stranger', days: 1 });
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

describe('a tls:// URL', () => {
  it('is answered by a server whose authority is trusted', async () => {
    await serve();
    const connection = await connecting({ caFile: file('ca.pem', authority.ca) });
    await connection.flush();
    expect(connection.info?.tls_required).toBe(true);
    await connection.close();
  });

  it('of an IP address is held against that address', async () => {
    await serve({ names: ['localhost', '127.0.0.1'] });
    const tls = { caFile: file('ca.pem', authority.ca) };
    await (await connecting(tls, { host: '127.0.0.1' })).close();
    await server?.stop();
    await serve({ names: ['localhost'] });
    await expect(connecting(tls, { host: '127.0.0.1' })).rejects.toThrow(/is not for 127\.0\.0\.1:/);
  });

  it.each<[string, Serving, RegExp]>([
    ['whose authority is unknown', { names: ['localhost'] }, /not trusted: SIGNET_NATS_CA \(.*strange\.pem\)/],
    ['of another name', { names: ['nats.example'] }, /is not for localhost:\d+: name a host that it has/],
    ['whose certificate has ended', { days: -1 }, /localhost:\d+ has expired/],
  ])('is not answered by one %s', async (what, serving, reason) => {
    await serve(serving);
    const caFile = what.includes('unknown') ? file('strange.pem', stranger.ca) : file('ca.pem', authority.ca);
    const refused = connecting({ caFile });
    await expect(refused).rejects.toThrow(reason);
    await expect(refused).rejects.toBeInstanceOf(TlsFault);
  });

  it('is not answered without TLS', async () => {
    server = await throwawayNats();
    await expect(connecting(undefined)).rejects.toThrow(/speaks no TLS: give its configuration a tls block/);
  });

  it('wants files that can be read', async () => {
    await serve();
    const caFile = path.join(directory, 'nowhere.pem');
    await expect(connecting({ caFile })).rejects.toThrow(/cannot be read: .*nowhere\.pem/);
  });
});

describe('a server that demands certificates', () => {
  it('lets in who has one of its authority', async () => {
    await serve({ clientsOf: authority });
    const connection = await connecting(await filesBy(authority));
    await connection.flush();
    await connection.close();
  });

  it.each<[string, () => Promise<NatsTlsFiles>]>([
    ['without one', async () => ({ caFile: (await filesBy(authority)).caFile })],
    ['of a stranger', async () => ({ ...(await filesBy(stranger)), caFile: file('own-ca.pem', authority.ca) })],
  ])('refuses whoever comes with a certificate %s', async (_, files) => {
    await serve({ clientsOf: authority });
    await expect(connecting(await files())).rejects.toThrow(
      /(?:refuses our certificate|demands certificates).* SIGNET_NATS_CERT/,
    );
  });
});

describe('certificates that are replaced', () => {
  it('are taken up by a connection when it reconnects', async () => {
    await serve({ clientsOf: authority });
    const connection = await connecting(await filesBy(authority));
    const port = server?.port ?? 0;
    const next = await newAuthority({ name: 'the next', days: 1 });
    await filesBy(next);
    await connection.flush();
    await server?.stop();
    await eventually('the loss', () => !linkOf(connection).connected);
    await serve({ by: next, clientsOf: next, port });
    await eventually('a reconnection', () => linkOf(connection).connected);
    await connection.flush();
    await connection.close();
  });

  it('bring a waiting connection in, which has said what was wrong', async () => {
    await serve({ clientsOf: authority });
    const said: string[] = [];
    const log: Log = (level, event, fields) => {
      if (level === 'error') said.push(`${event} ${String((fields as { error: unknown }).error)}`);
    };
    const caFile = file('own-ca.pem', authority.ca);
    const connection = connecting({ ...(await filesBy(stranger)), caFile }, { log, wait: true });
    await eventually('a refusal', () => said.length > 0);
    expect(said[0]).toMatch(/^nats\.refused .*SIGNET_NATS_CERT/);
    await filesBy(authority);
    await (await connection).close();
  });
});
