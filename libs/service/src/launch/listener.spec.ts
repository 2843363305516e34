import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
// eslint-disable-next-line @nx/enforce-module-boundaries -- tools/ is plain Node, no project; @signet/testing builds on this library
import { newAuthority, type Authority } from '../../../../tools/authority.mjs';
import { Certificates } from './certificates.js';
import { Listener } from './listener.js';

const directory = mkdtempSync(path.join(tmpdir(), 'signet-listener-'));
const tls = { certificate: path.join(directory, 'cert.pem'), key: path.join(directory, 'key.pem') };

describe('a listener with TLS', () => {
  let authority: Authority;
  let listener: Listener;
  let certificates: Certificates;
  let port: number;

  const put = async () => {
    const { cert, key } = await authority.issue({ names: ['localhost'] });
    writeFileSync(tls.certificate, cert);
    writeFileSync(tls.key, key);
  };
  const connecting = async (): Promise<TLSSocket> => {
    const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca: authority.ca });
    await once(socket, 'secureConnect');
    return socket;
  };
  const answered = async (socket: TLSSocket): Promise<string[]> => {
    socket.write(`GET /nowhere HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`);
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    return chunk.toString('latin1').split('\r\n');
  };
  const statusOf = async (socket: TLSSocket) => (await answered(socket))[0];
  const shown = (socket: TLSSocket) => socket.getPeerCertificate().serialNumber;

  beforeAll(async () => {
    authority = await newAuthority({ name: 'spec', days: 1 });
    await put();
    const of = {
      issuer: 'https://localhost',
      mode: 'development',
      listen: { host: '127.0.0.1', port: 0 },
      tls,
      keepAlive: 620,
    } as const;
    listener = new Listener(of);
    port = await listener.reserve();
    await listener.serve(port, new Map());
    const silent = { info: () => undefined, error: () => undefined };
    certificates = new Certificates([{ name: 'edge', ...tls, take: listener.use.bind(listener) }], silent);
    certificates.start();
  });
  afterAll(async () => {
    certificates.stop();
    await listener.close();
    rmSync(directory, { recursive: true });
  });

  it('shows a certificate that was replaced to who connects then, while older connections go on', async () => {
    const before = await connecting();
    const status = await statusOf(before);
    expect(status).toMatch(/^HTTP\/1\.1 4/);
    const old = shown(before);
    await put();
    let after = await connecting();
    while (shown(after) === old) {
      after.destroy();
      after = await connecting();
    }
    expect(await statusOf(before)).toBe(status);
    expect(after.getProtocol()).toBe('TLSv1.3');
    before.destroy();
    after.destroy();
  });

  it('says for how long it keeps an idle connection', async () => {
    const socket = await connecting();
    expect(await answered(socket)).toContain('Keep-Alive: timeout=620');
    socket.destroy();
  });
});
