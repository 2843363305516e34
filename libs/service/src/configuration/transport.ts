import type { ServiceName } from '@signet/contracts';
import { databaseTransport } from '@signet/persistence';
import { isLoopbackHost } from '@signet/protocol';
import type { Configuration, Fault } from './configuration.js';
import type { Transport } from './forms.js';
import type { Environment } from './settings.js';

type Named = readonly [name: string, url: string];

/** A host of this machine, or the directory of a unix socket. */
export const isOfThisMachine = (host: string): boolean =>
  host.startsWith('/') || isLoopbackHost(host) || host === '::1';

/** In production mode nothing leaves the machine in plain text, that apart which a mesh encrypts underneath. */
export function plainTransports(configuration: Configuration, values: Environment): Fault[] {
  const faults: Record<Transport, () => Fault[]> = {
    edge: () => plainEdge(configuration),
    database: () => urlsOf('DATABASE_URL', configuration, values).filter(isUnverified).map(refusedDatabase),
    nats: () => urlsOf('NATS_URL', configuration, values).filter(isPlainNats).map(refusedNats),
  };
  const all = Object.keys(faults) as Transport[];
  return all.filter((name) => !configuration.byMesh.includes(name)).flatMap((name) => faults[name]());
}

function plainEdge({ tls, trustedProxies, listen: { host } }: Configuration): Fault[] {
  if (tls !== undefined || trustedProxies.length > 0 || (host !== undefined && isOfThisMachine(host))) return [];
  const reason =
    'must be set with SIGNET_TLS_KEY in production mode, or SIGNET_TRUSTED_PROXIES where a proxy ends TLS, or SIGNET_TLS_BY_MESH=edge';
  return [{ name: 'SIGNET_TLS_CERT', reason }];
}

const isUnverified = ([, url]: Named): boolean => {
  const { verified, host } = databaseTransport(url);
  return !verified && !isOfThisMachine(host);
};

const refusedDatabase = ([name]: Named): Fault => ({
  name,
  reason:
    'must end with ?sslmode=verify-full&sslrootcert=<PEM file of the authority> in production mode, unless SIGNET_TLS_BY_MESH has database',
});

const isPlainNats = ([, url]: Named): boolean =>
  url
    .split(',')
    .map((server) => new URL(server.trim()))
    .some(({ protocol, hostname }) => protocol !== 'tls:' && !isOfThisMachine(hostname));

const refusedNats = ([name]: Named): Fault => ({
  name,
  reason: 'must be tls:// in production mode (SIGNET_NATS_CA names the authority), unless SIGNET_TLS_BY_MESH has nats',
});

/** Each variable once, which may be that of several services. */
function urlsOf(
  prefix: 'DATABASE_URL' | 'NATS_URL',
  { services, databaseUrls, natsUrls }: Configuration,
  values: Environment,
): readonly Named[] {
  const urls = prefix === 'DATABASE_URL' ? databaseUrls : natsUrls;
  const named = services.map((service) => {
    const own = `${prefix}_${service.toUpperCase() as Uppercase<ServiceName>}` as const;
    return [values[own] === undefined ? prefix : own, urls[service]] as const;
  });
  return [...new Map(named)].filter((entry): entry is [(typeof entry)[0], string] => entry[1] !== undefined);
}
