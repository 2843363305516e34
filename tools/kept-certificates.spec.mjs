import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { newAuthority } from './authority.mjs';
import { keptCertificates } from './kept-certificates.mjs';

let directory;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'signet-certificates-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const server = () => path.join(directory, 'server');
const client = () => path.join(directory, 'client');
const made = () =>
  keptCertificates('Test', { [server()]: { names: ['db'] }, [client()]: { names: ['us'], uses: ['client'] } });
const certificate = (file) => new X509Certificate(readFileSync(file));
const serials = (files) => Object.values(files).map(({ cert }) => certificate(cert).serialNumber);

describe('keptCertificates', () => {
  it('issues all by one authority, each for its own use', async () => {
    const files = await made();
    const [ca, other] = [server(), client()].map((place) => readFileSync(files[place].ca, 'utf8'));
    expect(other).toBe(ca);
    const { publicKey } = new X509Certificate(ca);
    const [served, shown] = [server(), client()].map((place) => certificate(files[place].cert));
    expect([served.verify(publicKey), shown.verify(publicKey), served.checkHost('db')]).toEqual([true, true, 'db']);
    expect([served.keyUsage, shown.keyUsage]).toEqual([['1.3.6.1.5.5.7.3.1'], ['1.3.6.1.5.5.7.3.2']]);
    expect(serials(await made())).toEqual(serials(files));
  });

  it.each([
    ['is gone', (files) => rmSync(files[client()].key)],
    ['is of another authority', (files) => issuedAnew(files, { [client()]: 300 })],
    ['ends soon', (files) => issuedAnew(files, { [server()]: 300, [client()]: 20 })],
    ['lies beside another key', (files) => writeFileSync(files[client()].key, readFileSync(files[server()].key))],
  ])('makes all anew where one %s', async (_, change) => {
    const files = await made();
    await change(files);
    const before = serials(files);
    const after = serials(await made());
    for (const serial of after) expect(before).not.toContain(serial);
    expect(certificate(files[server()].ca).verify(certificate(files[client()].ca).publicKey)).toBe(true);
  });
});

/** In these places, by one other authority, for as many days. */
async function issuedAnew(files, places) {
  const authority = await newAuthority({ name: 'Other', days: 400 });
  for (const [place, days] of Object.entries(places)) {
    const { cert, key } = await authority.issue({ names: ['other'], days });
    writeFileSync(files[place].cert, cert);
    writeFileSync(files[place].key, key);
    writeFileSync(files[place].ca, authority.ca);
  }
}
