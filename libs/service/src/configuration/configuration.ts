import { join } from 'node:path';
import { serviceNames, type ServiceName } from '@signet/contracts';
import type { NatsTlsFiles } from '@signet/messaging';
import { isLoopbackHost } from '@signet/protocol';
import type { FailpointSetting } from '../failpoint.js';
import type { KeyManagementSettings } from '../key-management/key-management.js';
import type { Rate, Rates } from '../limits/rate-limits.js';
import type { LogLevel } from '../observability/service-logger.js';
import type { Transport } from './forms.js';
import type { KeyringSource } from './keyring-file.js';
import { keyManagementOf } from './kms-settings.js';
import { defaultGuessing, defaultRates, environment, type Environment } from './settings.js';
import { plainTransports } from './transport.js';
import { tracingOf, type TracingConfiguration } from './tracing-settings.js';

export interface Fault {
  /** The variable. */
  readonly name: string;
  readonly reason: string;
}

/** Failed attempts that are let through, per account and per network; attempts at a user code, per session and per network. */
export interface Guessing {
  readonly account: Rate | undefined;
  readonly network: Rate | undefined;
  readonly usercode: Rate | undefined;
}

export type Mode = 'development' | 'production';

/** By the issuer of the default tenant. https on a loopback name is what a local authority serves. */
export const modeOf = (issuer: string): Mode =>
  isLoopbackHost(new URL(issuer).hostname) ? 'development' : 'production';

/** What one process was told, checked and with its defaults. */
export interface Configuration {
  readonly services: readonly ServiceName[];
  readonly mode: Mode;
  /** An origin, without a slash at its end. */
  readonly issuer: string;
  /** Without a host: every address. */
  readonly listen: { readonly host: string | undefined; readonly port: number };
  /** Addresses, and networks in which the process has one. */
  readonly management: { readonly hosts: readonly string[]; readonly port: number } | undefined;
  /** Paths of PEM files. */
  readonly tls: { readonly certificate: string; readonly key: string } | undefined;
  /** Addresses and networks. */
  readonly trustedProxies: readonly string[];
  /** Seconds. */
  readonly drain: number;
  /** Of an idle connection; seconds. */
  readonly keepAlive: number;
  readonly logLevel: LogLevel;
  readonly dataDirectory: string;
  /** Path of a signet.yaml. */
  readonly configurationFile: string | undefined;
  readonly setupFile: string | undefined;
  readonly keyring: KeyringSource;
  readonly kms: KeyManagementSettings;
  /** Seconds. */
  readonly kmsPatience: number;
  readonly demoPort: number;
  readonly databaseUrls: Readonly<Partial<Record<ServiceName, string>>>;
  readonly natsUrls: Readonly<Partial<Record<ServiceName, string>>>;
  /** Milliseconds. */
  readonly databasePatience: number;
  /** Paths of PEM files. */
  readonly natsTls: NatsTlsFiles;
  /** Copies of each stream over the servers of a cluster; undefined: as they are. */
  readonly natsReplicas: number | undefined;
  /** `authority`: path of a PEM file. */
  readonly witnesses: Environment['SIGNET_AUDIT_WITNESSES'] & object;
  /** Path of a directory. */
  readonly auditArchive: string | undefined;
  readonly outbound: { readonly allow: readonly string[]; readonly authority: string | undefined };
  /** Bytes. */
  readonly outboxMax: number;
  /** Who consumes a tenant's events from outside; `tenant`: its slug. */
  readonly auditConsumers: readonly { readonly name: string; readonly tenant: string }[];
  readonly rateLimits: Rates;
  readonly guessing: Guessing;
  readonly tracing: TracingConfiguration | undefined;
  readonly failpoint: FailpointSetting | undefined;
  readonly test: boolean;
  /** What a service mesh encrypts, so that production mode takes it in plain text. */
  readonly byMesh: readonly Transport[];
}

export type Loaded =
  { readonly ok: Configuration; readonly warnings: readonly Fault[] } | { readonly faults: readonly Fault[] };

/**
 * Checks the whole environment at once: all faults come together. Unknown names that begin with SIGNET_ are faults, those apart that end with
 * _SECRET, which a signet.yaml refers to; a set but empty variable is an unset one. No reason quotes a value. Reads no file.
 */
export function loadConfiguration(
  env: Readonly<Record<string, string | undefined>>,
  services: readonly ServiceName[] = serviceNames,
): Loaded {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const unknown = Object.keys(given)
    .filter((name) => name.startsWith('SIGNET_') && !name.endsWith('_SECRET') && !(name in environment.shape))
    .map((name) => ({ name, reason: 'is not a setting' }));
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => ({ name: path.join('.'), reason: message }));
    const known = new Set(issues.map(({ name }) => name));
    const sound = environment.safeParse(Object.fromEntries(Object.entries(given).filter(([name]) => !known.has(name))));
    const relations = sound.success ? checkRelations(assemble(sound.data, services), sound.data).faults : [];
    // A faulty common URL leaves each service without one, which need not be told as well.
    const isConsequence = ({ name }: Fault) => [...known].some((root) => `${name}_`.startsWith(`${root}_`));
    return { faults: [...unknown, ...issues, ...relations.filter((fault) => !isConsequence(fault))] };
  }
  const configuration = assemble(parsed.data, services);
  const { faults, warnings } = checkRelations(configuration, parsed.data);
  if (unknown.length + faults.length > 0) return { faults: [...unknown, ...faults] };
  return { ok: configuration, warnings };
}

function assemble(values: Environment, services: readonly ServiceName[]): Configuration {
  const port = values.PORT ?? 3_000;
  const issuer = values.SIGNET_ISSUER ?? `http://localhost:${port}`;
  const mode = modeOf(issuer);
  const dataDirectory = values.SIGNET_DATA ?? '.data';
  const managementPort = values.SIGNET_MANAGEMENT_PORT ?? (port === 0 ? 0 : port + 10);
  const { SIGNET_TLS_CERT: certificate, SIGNET_TLS_KEY: key } = values;
  return {
    services,
    mode,
    issuer,
    listen: { host: values.SIGNET_LISTEN ?? (mode === 'production' ? undefined : '127.0.0.1'), port },
    management:
      managementPort === 0
        ? undefined
        : { hosts: values.SIGNET_MANAGEMENT_LISTEN ?? ['127.0.0.1'], port: managementPort },
    tls: certificate !== undefined && key !== undefined ? { certificate, key } : undefined,
    trustedProxies: values.SIGNET_TRUSTED_PROXIES ?? [],
    drain: values.SIGNET_DRAIN ?? (mode === 'production' ? 10 : 0),
    keepAlive: values.SIGNET_KEEP_ALIVE ?? 75,
    logLevel: values.SIGNET_LOG_LEVEL ?? 'info',
    dataDirectory,
    configurationFile: values.SIGNET_CONFIG,
    setupFile: values.SIGNET_SETUP_FILE,
    keyring:
      values.SIGNET_KEYRING_JSON === undefined
        ? { path: values.SIGNET_KEYRING ?? join(dataDirectory, 'keyring.json') }
        : { json: values.SIGNET_KEYRING_JSON },
    kms: keyManagementOf(values),
    kmsPatience: values.SIGNET_KMS_PATIENCE ?? 300,
    demoPort: values.SIGNET_DEMO_PORT ?? 3_001,
    databaseUrls: urlsOf(services, (name) => values[`DATABASE_URL_${name}`] ?? values.DATABASE_URL),
    natsUrls: urlsOf(services, (name) => values[`NATS_URL_${name}`] ?? values.NATS_URL),
    databasePatience: values.SIGNET_DATABASE_PATIENCE ?? 1_000,
    natsTls: {
      caFile: values.SIGNET_NATS_CA,
      certFile: values.SIGNET_NATS_CERT,
      keyFile: values.SIGNET_NATS_KEY,
    },
    natsReplicas: values.SIGNET_NATS_REPLICAS,
    outbound: { allow: values.SIGNET_OUTBOUND_ALLOW ?? [], authority: values.SIGNET_OUTBOUND_CA },
    witnesses: values.SIGNET_AUDIT_WITNESSES ?? [],
    auditArchive: values.SIGNET_AUDIT_ARCHIVE,
    outboxMax: values.SIGNET_OUTBOX_MAX ?? 20 * 1_024 ** 3,
    auditConsumers: values.SIGNET_AUDIT_CONSUMERS ?? [],
    rateLimits: values.SIGNET_RATE_LIMITS ?? defaultRates,
    guessing: values.SIGNET_GUESSING ?? defaultGuessing,
    tracing: tracingOf(values),
    failpoint: values.SIGNET_FAILPOINT,
    test: values.SIGNET_TEST !== undefined,
    byMesh: values.SIGNET_TLS_BY_MESH ?? [],
  };
}

function urlsOf(
  services: readonly ServiceName[],
  read: (name: Uppercase<ServiceName>) => string | undefined,
): Partial<Record<ServiceName, string>> {
  const found = services.map((name) => [name, read(name.toUpperCase() as Uppercase<ServiceName>)] as const);
  return Object.fromEntries(found.filter(([, url]) => url !== undefined));
}

/** What no setting shows by itself. */
function checkRelations(configuration: Configuration, values: Environment): { faults: Fault[]; warnings: Fault[] } {
  const { issuer, mode, services, listen } = configuration;
  const faults: Fault[] = [];
  const warnings: Fault[] = [];
  const refuse = (name: string, reason: string) => faults.push({ name, reason });
  const production = mode === 'production';

  if (listen.port === 0 && values.SIGNET_ISSUER === undefined)
    refuse('SIGNET_ISSUER', 'must be set where PORT is 0, since the port is not known before');
  if ((values.SIGNET_TLS_CERT === undefined) !== (values.SIGNET_TLS_KEY === undefined))
    refuse(
      values.SIGNET_TLS_KEY === undefined ? 'SIGNET_TLS_KEY' : 'SIGNET_TLS_CERT',
      'must be set with its other half',
    );
  if ((values.SIGNET_NATS_CERT === undefined) !== (values.SIGNET_NATS_KEY === undefined))
    refuse(
      values.SIGNET_NATS_KEY === undefined ? 'SIGNET_NATS_KEY' : 'SIGNET_NATS_CERT',
      'must be set with its other half',
    );
  if (production) faults.push(...plainTransports(configuration, values));
  for (const transport of configuration.byMesh)
    warnings.push({
      name: 'SIGNET_TLS_BY_MESH',
      reason: `has ${transport}, which is plain text to Signet: a mesh must encrypt it and prove who is at its end`,
    });
  if (values.SIGNET_KEYRING !== undefined && values.SIGNET_KEYRING_JSON !== undefined)
    refuse('SIGNET_KEYRING_JSON', 'must not be set beside SIGNET_KEYRING');
  if (configuration.tls && issuer.startsWith('http:'))
    refuse('SIGNET_ISSUER', 'must be https where SIGNET_TLS_CERT is set');
  if (configuration.management && configuration.management.port === listen.port)
    refuse('SIGNET_MANAGEMENT_PORT', 'must not be PORT');
  if (configuration.management && configuration.management.port > 65_535)
    refuse('SIGNET_MANAGEMENT_PORT', 'must be set, since PORT + 10 is no port');
  if (production && configuration.outbound.allow.some((origin) => origin.startsWith('http:')))
    refuse('SIGNET_OUTBOUND_ALLOW', 'must hold https origins alone in production mode');
  if (production && configuration.failpoint && !configuration.test)
    refuse('SIGNET_FAILPOINT', 'is refused in production mode without SIGNET_TEST=1');

  for (const [name, urls] of [
    ['DATABASE_URL', configuration.databaseUrls],
    ['NATS_URL', configuration.natsUrls],
  ] as const) {
    for (const service of services)
      if (urls[service] === undefined) refuse(`${name}_${service.toUpperCase()}`, `must be set, or ${name}`);
    const sharing = services.filter(
      (service) => values[`${name}_${service.toUpperCase() as Uppercase<ServiceName>}`] === undefined,
    );
    if (values[name] === undefined || sharing.length < 2) continue;
    const reason = `is shared by ${sharing.join(', ')}, which so are one user: give each its own ${name}_<SERVICE>`;
    if (production) refuse(name, reason);
    else warnings.push({ name, reason });
  }
  return { faults, warnings };
}
