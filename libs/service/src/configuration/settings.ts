import { serviceNames, type ServiceName } from '@signet/contracts';
import { z } from 'zod';
import { logLevels } from '../observability/service-logger.js';
import * as forms from './forms.js';
import { kmsSettings } from './kms-settings.js';
import { setting } from './setting.js';
import { collector, ratio, sampler, samplers } from './tracing-settings.js';

/** What the documentation says of a setting. */
export interface SettingDescription {
  readonly name: string;
  /** Empty where there is none. */
  readonly default: string;
  readonly meaning: string;
}

/**
 * In requests; generous, since a resource server's introspections come from one address. A client's is for one that authenticates from many:
 * of a public client, which has a bucket in each network, the network's own is empty first.
 */
export const defaultRates = {
  network: { count: 2_000, seconds: 10 },
  client: { count: 5_000, seconds: 10 },
  tenant: { count: 50_000, seconds: 10 },
} as const;

/** In failed attempts to prove an identity, and in attempts to enter a device's user code. */
export const defaultGuessing = {
  account: { count: 10, seconds: 300 },
  network: { count: 100, seconds: 300 },
  usercode: { count: 20, seconds: 300 },
} as const;

type PerService<P extends string> = `${P}_${Uppercase<ServiceName>}`;

function perService<P extends string, S extends z.ZodType>(prefix: P, schema: S) {
  const names = serviceNames.map((name) => `${prefix}_${name.toUpperCase()}` as PerService<P>);
  return Object.fromEntries(names.map((name) => [name, schema.optional()])) as Record<PerService<P>, z.ZodOptional<S>>;
}

const described = {
  PORT: setting(forms.port, 'Port of the public listener', '3000'),
  SIGNET_LISTEN: setting(
    forms.someText,
    'Address of the public listener',
    '127.0.0.1, in production mode all addresses',
  ),
  SIGNET_ISSUER: setting(
    forms.issuer,
    'Public origin and issuer of the default tenant. https is production mode; http must be a loopback host and is development mode, as is https on localhost',
    'http://localhost:<PORT>',
  ),
  SIGNET_DATA: setting(forms.someText, 'Directory of what the quick start keeps', '.data'),
  SIGNET_CONFIG: setting(forms.someText, 'A signet.yaml to apply at start'),
  SIGNET_SETUP_FILE: setting(
    forms.someText,
    'File, for its owner alone, that the one-process form writes the set-up code of a first administrator to, instead of printing it',
  ),
  SIGNET_MANAGEMENT_PORT: setting(forms.port, 'Port of /livez, /readyz, /health and /metrics; 0 for none', 'PORT + 10'),
  SIGNET_MANAGEMENT_LISTEN: setting(
    forms.listened,
    'Addresses of the management port, comma-separated; of a network (10.0.0.0/8), those that the process has in it',
    '127.0.0.1',
  ),
  SIGNET_TRUSTED_PROXIES: setting(
    forms.networks,
    'Addresses and networks whose X-Forwarded-For is believed, comma-separated',
  ),
  DATABASE_URL: setting(forms.databaseUrl, 'Postgres, for every service without a URL of its own'),
  SIGNET_DATABASE_PATIENCE: setting(
    forms.databasePatience,
    'Milliseconds that a request waits for its connection to Postgres before it is 503',
    '1000',
  ),
  NATS_URL: setting(forms.natsUrl, 'NATS, for every service without a URL of its own'),
  SIGNET_NATS_CA: setting(forms.someText, 'PEM file of the authority that signed the NATS servers’ certificates'),
  SIGNET_NATS_CERT: setting(forms.someText, 'PEM file of the certificate that a process shows to NATS'),
  SIGNET_NATS_KEY: setting(forms.someText, 'PEM file of its private key'),
  SIGNET_NATS_REPLICAS: setting(
    forms.copies,
    'Copies of the streams over the servers of a NATS cluster, 1, 3 or 5: fewer become as many, more stay. Without it new streams have one',
  ),
  SIGNET_OUTBOUND_ALLOW: setting(
    forms.origins,
    'Origins that outbound fetches may reach without https and on private addresses; http is refused in production mode',
  ),
  SIGNET_OUTBOUND_CA: setting(forms.someText, 'PEM file of further authorities for outbound fetches'),
  SIGNET_AUDIT_WITNESSES: setting(
    forms.witnesses,
    'Witnesses that cosign the checkpoints of audit logs (C2SP tlog-witness), as JSON: [{"key": verifier key, "url": submission prefix}, …]',
  ),
  SIGNET_AUDIT_ARCHIVE: setting(
    forms.someText,
    'Directory that entries of audit logs are archived to before retention drops them, one for all replicas; without it they are gone then',
  ),
  SIGNET_OUTBOX_MAX: setting(
    forms.bytes,
    'Size of each outbox at which nothing more is recorded, and what must be recorded is refused',
    '20GiB',
  ),
  SIGNET_AUDIT_CONSUMERS: setting(
    forms.consumers,
    'JetStream consumers of audit events as name=tenant, comma-separated: audit makes each, `signet nats config` its user',
  ),
  SIGNET_KEYRING: setting(
    forms.someText,
    'Keyring file, or directory of keyring files (*.json), each plain or wrapped',
    '<SIGNET_DATA>/keyring.json',
  ),
  SIGNET_KEYRING_JSON: setting(
    forms.someText,
    'The keyring itself, in place of SIGNET_KEYRING; whoever may see the environment has it',
  ),
  ...kmsSettings,
  SIGNET_TLS_CERT: setting(forms.someText, 'PEM file of the certificate chain, to serve https itself'),
  SIGNET_TLS_KEY: setting(forms.someText, 'PEM file of its private key'),
  SIGNET_TLS_BY_MESH: setting(
    forms.transports,
    'What a service mesh encrypts underneath, of edge, database and nats, comma-separated: production mode takes it in plain text',
  ),
  SIGNET_LOG_LEVEL: setting(
    z.enum(logLevels, `must be one of ${logLevels.join(', ')}`),
    `One of ${logLevels.join(', ')}`,
    'info',
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: setting(
    collector,
    'OpenTelemetry collector (OTLP over HTTP, JSON) that traces are sent to, under /v1/traces; without it there are none',
  ),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: setting(
    collector,
    'The same as a whole URL',
    '<OTEL_EXPORTER_OTLP_ENDPOINT>/v1/traces',
  ),
  OTEL_TRACES_SAMPLER: setting(
    sampler,
    `Which traces are collected: one of ${samplers.join(', ')}`,
    'parentbased_always_on',
  ),
  OTEL_TRACES_SAMPLER_ARG: setting(ratio, 'The part of traces that a sampler by ratio collects, from 0 to 1', '1'),
  SIGNET_DRAIN: setting(
    forms.drainSeconds,
    'Seconds for which a stopping process goes on answering, so that proxies take it out first; after half of them it takes no more connections and answers on those that it has',
    '0, in production mode 10',
  ),
  SIGNET_KEEP_ALIVE: setting(
    forms.keepAliveSeconds,
    'Seconds for which an idle connection is kept; longer than the proxy in front keeps it, or a request may meet its end',
    '75',
  ),
  SIGNET_RATE_LIMITS: setting(
    forms.rates(defaultRates),
    'Requests as count/seconds per network, per client (a public one: in each network) and per tenant, and "off"',
    forms.showRates(defaultRates),
  ),
  SIGNET_GUESSING: setting(
    forms.rates(defaultGuessing),
    'Failed attempts to sign in as count/seconds per account and network, attempts at a user code per network and session, and "off"',
    forms.showRates(defaultGuessing),
  ),
  SIGNET_DEMO_PORT: setting(forms.port, 'Port of the quick start’s demo; 0 for none', '3001'),
  SIGNET_FAILPOINT: setting(forms.failpoint, 'Kills the process at a named point, for tests'),
  SIGNET_TEST: setting(z.literal('1', 'must be 1 or unset'), '1 allows in production mode what only tests need'),
} as const;

export const environment = z.object({
  ...described,
  ...perService('DATABASE_URL', forms.databaseUrl),
  ...perService('NATS_URL', forms.natsUrl),
  // Of other programs of ours, which hand their environment on.
  NATS_URL_OPERATOR: forms.natsUrl.optional(),
  SIGNET_NO_USER_NAMESPACE: forms.someText.optional(),
});
export type Environment = z.infer<typeof environment>;

/** Every setting that an operator may make, in the order in which it is documented. */
export function describeConfiguration(): readonly SettingDescription[] {
  return Object.entries(described).flatMap(([name, schema]) => {
    const { meaning, default: byDefault } = schema.meta() as { meaning: string; default: string };
    const row = { name, default: byDefault, meaning };
    if (name !== 'DATABASE_URL' && name !== 'NATS_URL') return [row];
    const what = name === 'DATABASE_URL' ? 'Postgres' : 'NATS';
    return [row, { name: `${name}_<SERVICE>`, default: name, meaning: `${what}, for one service as its own user` }];
  });
}
