import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { databaseTransport } from '@signet/persistence';
import type { Configuration, Fault } from '../configuration/configuration.js';

/** The PEM files of one setting, and its variables. */
interface Files {
  readonly name: string;
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** Every file of TLS that a process is told of and cannot use as it is now; none that is merely out of date. */
export function tlsFileFaults(configuration: Configuration): Fault[] {
  const { tls, natsTls, outbound, services, databaseUrls } = configuration;
  const databases = services.flatMap((service): Files[] => {
    const url = databaseUrls[service];
    if (url === undefined) return [];
    const { authority, certificate, key } = databaseTransport(url).files;
    return [{ name: `DATABASE_URL_${service.toUpperCase()}`, ca: authority, cert: certificate, key }];
  });
  const all: readonly Files[] = [
    { name: 'SIGNET_TLS_CERT', cert: tls?.certificate, key: tls?.key },
    { name: 'SIGNET_NATS_CA', ca: natsTls.caFile },
    { name: 'SIGNET_NATS_CERT', cert: natsTls.certFile, key: natsTls.keyFile },
    { name: 'SIGNET_OUTBOUND_CA', ca: outbound.authority },
    ...databases,
  ];
  return all.flatMap((files) => {
    const reason = faultOf(files);
    return reason === undefined ? [] : [{ name: files.name, reason }];
  });
}

function faultOf({ ca, cert, key }: Files): string | undefined {
  const unreadable = [ca, cert, key].find((file) => file !== undefined && read(file) === undefined);
  if (unreadable !== undefined) return `names ${unreadable}, which cannot be read`;
  const [authority, certificate, secret] = [ca, cert, key].map((file) => (file === undefined ? undefined : read(file)));
  if (authority !== undefined && !authority.includes('-----END CERTIFICATE-----'))
    return `names ${ca ?? ''}, which holds no certificate in PEM`;
  try {
    createSecureContext({ ...(certificate && { cert: certificate }), ...(secret && { key: secret }) });
    return undefined;
  } catch {
    return `names ${cert ?? ''} and ${key ?? ''}, which are no certificate in PEM with its key`;
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
