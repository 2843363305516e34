import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as x509 from '@peculiar/x509';
import { connectNats, natsServerConfig } from '../src/index.js';
import { throwawayNats, type ThrowawayServer } from './embedded-servers.js';

const key = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const day = 86_400_000;

/** A self-signed certificate of localhost, for an hour or two. */
async function makeCertificate(directory: string): Promise<{ certFile: string; keyFile: string }> {
  x509.cryptoProvider.set(webcrypto);
  const keys = await webcrypto.subtle.generateKey(key, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=localhost',
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + day),
    signingAlgorithm: key,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'localhost' }]),
    ],
  });
  const [certFile, keyFile] = [path.join(directory, 'cert.pem'), path.join(directory, 'key.pem')];
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  writeFileSync(certFile, certificate.toString('pem'));
  writeFileSync(keyFile, x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'), { mode: 0o600 });
  return { certFile, keyFile };
}

describe('a tls:// URL', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'signet-messaging-tls-'));
  let server: ThrowawayServer;
  let certFile: string;
  const connecting = (scheme: 'nats' | 'tls', tls?: { caFile: string }) =>
    connectNats({
      url: `${scheme}://token:secret@localhost:${server.port}`,
      service: 'token',
      name: 'spec',
      waitOnFirstConnect: false,
      ...(tls && { tls }),
    });

  beforeAll(async () => {
    const files = await makeCertificate(directory);
    certFile = files.certFile;
    const services = { token: { password: 'secret' } };
    const config = natsServerConfig({ services, tls: files });
    server = await throwawayNats({ config });
  });
  afterAll(async () => {
    await server.stop();
    rmSync(directory, { recursive: true });
  });

  it('is answered by a server whose authority is trusted', async () => {
    const connection = await connecting('tls', { caFile: certFile });
    await connection.flush();
    expect(connection.info?.tls_required).toBe(true);
    await connection.close();
  });

  it('is not answered by one whose authority is unknown', async () => {
    await expect(connecting('tls')).rejects.toThrow(/self-signed/);
  });
});
