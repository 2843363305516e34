import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { databaseTransport } from '@signet/persistence';
import type { Examined } from '../examined.js';
import { judgeEnd } from '../certificate-end.js';
import { fault, type Check, type Verdict } from '../verdict.js';

/** `host`: that it has to be for. */
export function judgeCertificate(pem: string, now: number, host: string | undefined): Verdict {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    return fault('it holds no certificate in PEM', 'Put the certificate there, the whole chain of it, in PEM');
  }
  if (Date.parse(certificate.validFrom) > now)
    return fault(`it begins at ${certificate.validFrom}`, 'Compare the clocks, or make a new one');
  if (host !== undefined && certificate.checkHost(host) === undefined && certificate.checkIP(host) === undefined)
    return fault(`it is not for ${host}`, 'Give it one that has the host among its subject alternative names');
  return judgeEnd(Date.parse(certificate.validTo), now);
}

function filesOf(examined: Examined): Map<string, string | undefined> {
  const { environment } = examined;
  const named = [
    ['SIGNET_TLS_CERT', new URL(examined.issuer).hostname.replace(/^\[(.*)\]$/, '$1')],
    ['SIGNET_NATS_CERT', undefined],
    ['SIGNET_NATS_CA', undefined],
    ['SIGNET_OUTBOUND_CA', undefined],
  ] as const;
  const files = new Map<string, string | undefined>();
  const add = (file: string, host?: string) => {
    files.set(file, files.get(file) ?? host);
  };
  for (const [name, host] of named) if (environment[name]) add(environment[name], host);
  for (const service of examined.services) {
    const url = examined.urlOf('DATABASE_URL', service);
    if (url === undefined) continue;
    const { authority, certificate } = databaseTransport(url).files;
    for (const file of [authority, certificate]) if (file !== undefined) add(file);
  }
  return files;
}

export const certificateFiles: Check = {
  name: 'certificates.files',
  about:
    'the first certificate of each PEM file that a setting names can be read, is valid for two weeks more, and that of the listener is for the issuer’s host',
  run: (examined) =>
    Promise.resolve([...filesOf(examined)].map(([file, host]) => ({ subject: file, ...verdictOf(file, host) }))),
};

function verdictOf(file: string, host: string | undefined): Verdict {
  try {
    return judgeCertificate(readFileSync(file, 'utf8'), Date.now(), host);
  } catch {
    return fault('it cannot be read', 'See that it is there, and that the user of the process may read it');
  }
}
