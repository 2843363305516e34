import type { StreamInfo } from '@nats-io/jetstream';
import type { Installation } from '@signet/contracts';
import { connectNats, type ConnectOptions } from './connection.js';
import { isClustered } from './refusal.js';
import { differencesOf, lookAtStream } from './stream.js';
import { installationIn } from './stream-metadata.js';

export interface StreamFacts {
  /** What a service would bring up to date, as it is. */
  readonly differences: readonly string[];
  readonly subjects: readonly string[];
  readonly retention: string;
  readonly storage: string;
  readonly replicas: number;
  /** Of its copies, those that are up to date; undefined where it has one. */
  readonly current: number | undefined;
  readonly messages: number;
  readonly bytes: number;
  /** Bytes that it may take; undefined where nothing but the server's storage limits it. */
  readonly most: number | undefined;
  readonly installation: Installation | undefined;
}

export interface NatsFacts {
  readonly server: string;
  readonly version: string;
  readonly encrypted: boolean;
  /** Whether the server is one of several, which it may not tell the addresses of. */
  readonly clustered: boolean;
  /** Undefined where there is none, or nobody may look; `refusal` says which. */
  readonly stream: StreamFacts | undefined;
  readonly refusal: string | undefined;
  /** Whether the user may publish what no service does. */
  readonly unbound: boolean;
}

/**
 * What a service finds at its NATS, as its own user; changes nothing. Rejects with NatsRefused, or another error, where it does not come in.
 */
export async function examineNats(options: Pick<ConnectOptions, 'url' | 'service' | 'tls'>): Promise<NatsFacts> {
  let denied = false;
  const connection = await connectNats({
    ...options,
    ...{ name: 'signet doctor', waitOnFirstConnect: false },
    onDenied: () => (denied = true),
  });
  try {
    const { refusal, stream } = await lookAtStream(connection).then(
      (info) => ({ refusal: undefined, stream: info && factsOf(info) }),
      (error: unknown) => ({ refusal: error instanceof Error ? error.message : String(error), stream: undefined }),
    );
    denied = false;
    // Nobody listens; a server that does not allow it says so before it answers the ping of a flush.
    connection.publish('signet.doctor.probe');
    await connection.flush();
    await new Promise((resolve) => setImmediate(resolve));
    const { info } = connection;
    return {
      server: connection.getServer(),
      version: info?.version ?? 'unknown',
      encrypted: options.url.trim().startsWith('tls:'),
      clustered: isClustered(connection),
      ...{ stream, refusal, unbound: !denied },
    };
  } finally {
    await connection.close();
  }
}

function factsOf({ config, state, cluster }: StreamInfo): StreamFacts {
  const followers = cluster?.replicas;
  return {
    differences: differencesOf(config),
    subjects: config.subjects,
    retention: config.retention,
    storage: config.storage,
    replicas: config.num_replicas,
    current:
      config.num_replicas > 1 ? 1 + (followers ?? []).filter((one) => one.current && !one.offline).length : undefined,
    messages: state.messages,
    bytes: state.bytes,
    most: config.max_bytes > 0 ? config.max_bytes : undefined,
    installation: installationIn(config.metadata),
  };
}
