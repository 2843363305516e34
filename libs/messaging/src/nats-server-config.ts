import { permissions, type Principal } from '@signet/contracts';
import { consumerPermissionsOf, permissionsOf, readersApi, type SubjectPermissions } from './permissions.js';
import { tenantConsumer } from './tenant-consumer.js';

export interface NatsServerConfigOptions {
  /** One NATS user for each; the user's name is the principal's. */
  readonly services: Readonly<Partial<Record<Principal, { readonly password: string }>>>;
  /** Readers of one tenant's events from outside, by their names; each has a user `consumer-<name>`. */
  readonly consumers?: Readonly<Record<string, { readonly password: string }>>;
  /** Where JetStream keeps its files. Left out, it is for the command line (`-js -sd`), which would not win against it. */
  readonly jetstreamDir?: string;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** -1 takes a free one, to be read from `portsFileDir`. Default: nats-server's, or the command line's. */
  readonly port?: number;
  readonly portsFileDir?: string;
  readonly pidFile?: string;
  /** PEM files. With `caFile` nobody connects without a certificate of it. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string; readonly caFile?: string };
}

/**
 * The text of a nats-server configuration in which each service may do what the contracts' table says, and nothing else.
 * Holds passwords: write it 0600. A password of the form `$2a$…` is taken by nats-server for a bcrypt hash.
 */
export function natsServerConfig(options: NatsServerConfigOptions): string {
  const { jetstreamDir, host = '127.0.0.1', port, portsFileDir, pidFile, tls } = options;
  return textOf({
    host,
    ...(port !== undefined && { port }),
    ...(portsFileDir !== undefined && { ports_file_dir: portsFileDir }),
    ...(pidFile !== undefined && { pid_file: pidFile }),
    max_payload: 1_048_576,
    ...(jetstreamDir !== undefined && { jetstream: { store_dir: jetstreamDir } }),
    ...(tls && {
      tls: {
        cert_file: tls.certFile,
        key_file: tls.keyFile,
        ...(tls.caFile && { ca_file: tls.caFile, verify: true }),
        min_version: '1.2',
        // Seconds for a handshake; nats-server's own two are few where everything starts at once.
        timeout: 5,
      },
    }),
    accounts: accountsOf(options),
  });
}

/** Of the same its accounts alone, with users, passwords and permissions: for the configuration of a server that says all else, which includes this. */
export function natsAccountsConfig(options: Pick<NatsServerConfigOptions, 'services' | 'consumers'>): string {
  return textOf({ accounts: accountsOf(options) });
}

/** nats-server's own language has JSON within it. */
const textOf = (config: object): string => `${JSON.stringify(config, undefined, 2)}\n`;

function accountsOf({ services, consumers = {} }: Pick<NatsServerConfigOptions, 'services' | 'consumers'>) {
  const principals = (Object.entries(services) as [Principal, { password: string }][]).map(([name, { password }]) => {
    const user = userOf(name, password, permissionsOf(name, permissions, Object.keys(consumers)));
    return { ...user, permissions: { ...user.permissions, allow_responses: { max: 1, expires: '30s' } } };
  });
  const readers = Object.entries(consumers).map(([name, { password }]) => readerOf(name, password));
  return {
    [ownAccount]: { jetstream: true, users: principals, exports: readers.flatMap((reader) => reader.exports) },
    ...Object.fromEntries(readers.map(({ name, account }) => [name, account])),
  };
}

/** Of the services, with the streams. */
const ownAccount = 'SIGNET';

/**
 * A consumer from outside has an account of its own: a pull names the subject that it is answered on, and the server answers there past
 * the permissions of the user. In its own account there is nobody to hear it, the API of the stream least of all.
 */
function readerOf(reader: string, password: string) {
  const name = tenantConsumer(reader);
  const permitted = consumerPermissionsOf(reader);
  const subjects = permitted.publish.allow.map((to) => ({ to, subject: to.replace(readersApi, '$JS.API') }));
  return {
    name,
    // Several messages answer one pull.
    exports: subjects.map(({ subject }) => ({ service: subject, response_type: 'Stream', accounts: [name] })),
    account: {
      users: [userOf(name, password, permitted)],
      imports: subjects.map(({ to, subject }) => ({ service: { account: ownAccount, subject }, to })),
    },
  };
}

const userOf = (user: string, password: string, { publish, subscribe }: SubjectPermissions) => ({
  ...{ user, password },
  permissions: {
    publish: { allow: publish.allow, ...(publish.deny.length > 0 && { deny: publish.deny }) },
    subscribe: { allow: subscribe.allow },
  },
});
