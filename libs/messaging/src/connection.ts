import { isIP } from 'node:net';
import { checkServerIdentity, type ConnectionOptions } from 'node:tls';
import {
  AuthorizationError,
  connect,
  PermissionViolationError,
  type NatsConnection,
  type NodeConnectionOptions,
} from '@nats-io/transport-node';
import { BackOff } from './back-off.js';
import { keepsCopies } from './copies.js';
import type { Installation } from '@signet/contracts';
import { linkOf } from './link.js';
import { silent, type Log } from './log.js';
import { NatsRefused, unauthorised } from './refusal.js';
import { belongsTo } from './stream-metadata.js';
import { tlsFaultOf, type NatsTlsFiles } from './tls-fault.js';

export interface ConnectOptions {
  /** `nats://user:password@host:port` or `tls://…`; several servers of one cluster, comma-separated. */
  readonly url: string;
  /** The NATS user's inbox prefix is made of it, and permissions allow no other. */
  readonly service: string;
  /** Shown by nats-server's monitoring, say `token@<host>`. */
  readonly name: string;
  /** Keeps trying while no server answers, or none knows the user yet; an old server is an error all the same. Default true. */
  readonly waitOnFirstConnect?: boolean;
  readonly tls?: NatsTlsFiles | undefined;
  /** Whose connection it is; its streams say so. */
  readonly installation?: Installation | undefined;
  /** Copies that its streams are to have over the servers of a cluster; left as they are where unset. */
  readonly replicas?: number | undefined;
  readonly signal?: AbortSignal;
  /** Told of each time that it is refused for what waiting alone does not mend, while it goes on trying. */
  readonly onRefused?: (refusal: NatsRefused) => void;
  /** Told of each publish or subscription that the server does not allow this user: a fault of ours, or somebody with our password. */
  readonly onDenied?: (operation: 'publish' | 'subscription') => void;
  readonly log?: Log;
}

/** Consumer filter_subjects and metadata are silently unknown to older servers. */
const serverFloor = [2, 10] as const;

/** The prefix of every inbox of `service`, allowed to it alone. */
export function inboxPrefix(service: string): string {
  return `_INBOX_${service}`;
}

/**
 * Connects, and stays connected: reconnects for ever, notices a dead peer within 15 s.
 * Throws NatsRefused for a server older than 2.10, and where it is not to wait for whatever it is.
 */
export async function connectNats(options: ConnectOptions): Promise<NatsConnection> {
  const log = options.log ?? silent;
  const connection = await dial(options, log);
  const version = connection.info?.version ?? 'unknown';
  if (!isSupported(version)) {
    await connection.close();
    throw new NatsRefused(
      `nats-server ${serverFloor.join('.')} or newer is needed, ${connection.getServer()} is ${version}: upgrade it, or name another one`,
    );
  }
  if (options.installation) belongsTo(connection, options.installation);
  if (options.replicas !== undefined) keepsCopies(connection, options.replicas);
  linkOf(connection);
  void report(connection, log, options.onDenied);
  return connection;
}

async function dial(options: ConnectOptions, log: Log): Promise<NatsConnection> {
  const settings = connectionSettings(options);
  const stopped = options.signal ?? new AbortController().signal;
  const backOff = new BackOff(100, 2_000);
  let told = '';
  for (;;) {
    try {
      return await connect(settings);
    } catch (error) {
      const fault = refusalIn(error, options, settings);
      if (options.waitOnFirstConnect === false || stopped.aborted) throw fault ?? error;
      // A server may learn of its users after we start, and its certificate be renewed. It is told louder, since neither mends itself.
      if (!fault) log('warn', 'nats.waiting', { error: String(error) });
      // Once for each cause, however long it stands.
      else if (fault.message !== told) log('error', 'nats.refused', { error: fault.message });
      told = fault?.message ?? '';
      if (fault) options.onRefused?.(fault);
      await backOff.wait(stopped);
    }
  }
}

function refusalIn(
  error: unknown,
  { url, tls }: ConnectOptions,
  settings: NodeConnectionOptions,
): NatsRefused | undefined {
  if (error instanceof AuthorizationError) return unauthorised(settings.user ?? '', hostsOf(url), error);
  return settings.tls ? tlsFaultOf(error, hostsOf(url), tls) : undefined;
}

/** The client ignores user and password in a URL, and takes plain text from a server that offers no TLS unless told. */
export function connectionSettings(options: ConnectOptions): NodeConnectionOptions {
  const urls = options.url.split(',').map((url) => new URL(url.trim()));
  const [first] = urls;
  if (!first || urls.some(({ protocol }) => protocol !== first.protocol || !['nats:', 'tls:'].includes(protocol))) {
    throw new Error('a NATS URL is nats://… or tls://…, several servers comma-separated and of one kind');
  }
  return {
    servers: urls.map(({ host }) => host),
    name: options.name,
    inboxPrefix: inboxPrefix(options.service),
    noAsyncTraces: true,
    maxReconnectAttempts: -1,
    ignoreAuthErrorAbort: true,
    reconnectDelayHandler: () => 100 + Math.random() * 150,
    pingInterval: 5_000,
    maxPingOut: 2,
    timeout: 5_000,
    ...(first.username && { user: decodeURIComponent(first.username), pass: decodeURIComponent(first.password) }),
    ...(first.protocol === 'tls:' && { tls: { ...filesOf(options.tls), ...identityOf(urls) } }),
  };
}

const filesOf = ({ caFile, certFile, keyFile }: NatsTlsFiles = {}) => ({
  ...(caFile !== undefined && { caFile }),
  ...(certFile !== undefined && { certFile }),
  ...(keyFile !== undefined && { keyFile }),
});

const hostsOf = (url: string): string =>
  url
    .split(',')
    .map((one) => new URL(one.trim()).host)
    .join(', ');

/** The client gives TLS no name for a server that is an IP address, and Node would then look for `localhost` in its certificate. */
function identityOf(urls: readonly URL[]): Pick<ConnectionOptions, 'checkServerIdentity'> {
  const hosts = urls.map(({ hostname }) => hostname.replace(/^\[(.*)\]$/, '$1'));
  if (hosts.every((host) => isIP(host) === 0)) return {};
  return {
    checkServerIdentity: (_, certificate) => {
      const faults = hosts.map((host) => checkServerIdentity(host, certificate));
      return faults.includes(undefined) ? undefined : faults[0];
    },
  };
}

export function isSupported(version: string): boolean {
  const match = /^(\d+)\.(\d+)\./.exec(version);
  if (!match) return false;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return major > serverFloor[0] || (major === serverFloor[0] && minor >= serverFloor[1]);
}

async function report(connection: NatsConnection, log: Log, onDenied: ConnectOptions['onDenied']): Promise<void> {
  for await (const status of connection.status()) {
    if (status.type === 'disconnect') log('warn', 'nats.disconnected', { server: status.server });
    else if (status.type === 'reconnect') log('info', 'nats.reconnected', { server: status.server });
    else if (status.type === 'error' && status.error instanceof PermissionViolationError) {
      const { operation, subject } = status.error;
      log('error', 'nats.denied', { operation, subject });
      onDenied?.(operation);
    } else if (status.type === 'error') log('error', 'nats.error', { error: String(status.error) });
  }
}
