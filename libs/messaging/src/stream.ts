import {
  DiscardPolicy,
  jetstreamManager,
  JetStreamApiCodes,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  type JetStreamManager,
  type StreamConfig,
  type StreamInfo,
} from '@nats-io/jetstream';
import { nanos, type NatsConnection } from '@nats-io/transport-node';
import { eventStream, eventSubjects, type Installation } from '@signet/contracts';
import { linkOf } from './link.js';
import { refusalOf, refuseForeign } from './refusal.js';
import { installationOf, metadataOf, withInstallation } from './stream-metadata.js';

/** Seven days: what the personal part of an event may stay in the stream. */
const maxAge = 7 * 24 * 3_600_000;
/** Shorter than the 30 s after which an unconfirmed event is sent again: that one must reach audit, whose confirmation was lost. */
const duplicateWindow = 20_000;

const standard = {
  name: eventStream,
  subjects: [eventSubjects],
  storage: StorageType.File,
  retention: RetentionPolicy.Limits,
  discard: DiscardPolicy.Old,
  max_age: nanos(maxAge),
  duplicate_window: nanos(duplicateWindow),
} satisfies Partial<StreamConfig>;

export interface StreamOptions {
  /** Copies in a cluster. Left as the server has it where unset; 1 for a new stream. */
  readonly replicas?: number;
}

/** Which stream it is, and how far it has come. */
export interface StreamState {
  /** RFC 3339, nanoseconds: another value means another stream of the same name. */
  readonly created: string;
  /** Zero where the stream never held a message. Does not go back when messages expire. */
  readonly lastSequence: number;
}

/**
 * Makes the events' stream where it is missing and brings its configuration up to date. Safe to run in several processes
 * at once, and whenever a publish or a consumer finds the stream gone. Throws while JetStream is away. A stream of another installation, or
 * of something else, is NatsRefused and left as it is, as are a server without JetStream and a user without permission.
 */
export function ensureStream(connection: NatsConnection, options: StreamOptions = {}): Promise<StreamState> {
  return linkOf(connection).whileConnected(async () => {
    try {
      return await makeOrUpdate(connection, options);
    } catch (error) {
      throw refusalOf(error, connection) ?? error;
    }
  });
}

/** From now on the stream belongs to this installation, whosever it was. Does nothing where there is none. */
export async function adoptStream(connection: NatsConnection, installation: Installation): Promise<boolean> {
  const manager = await managerOf(connection);
  const info = await find(manager);
  if (!info) return false;
  refuseForeign(info.config, undefined);
  await manager.streams.update(eventStream, { metadata: { ...withInstallation(info.config.metadata, installation) } });
  return true;
}

/** The stream as it is, looked at and not touched; undefined where there is none. Throws NatsRefused as ensureStream. */
export async function lookAtStream(connection: NatsConnection): Promise<StreamInfo | undefined> {
  try {
    return await find(await managerOf(connection));
  } catch (error) {
    throw refusalOf(error, connection) ?? error;
  }
}

async function makeOrUpdate(connection: NatsConnection, options: StreamOptions): Promise<StreamState> {
  const manager = await managerOf(connection);
  const wanted = { ...standard, ...(options.replicas !== undefined && { num_replicas: options.replicas }) };

  const ours = installationOf(connection);
  let info = await find(manager);
  info ??= await manager.streams.add({ ...wanted, ...(ours && { metadata: { ...withInstallation({}, ours) } }) });
  refuseForeign(info.config, ours);
  const metadata = ours && metadataOf(info.config.metadata, ours);
  if (metadata || differs(info.config, wanted))
    info = await manager.streams.update(eventStream, { ...wanted, ...(metadata && { metadata: { ...metadata } }) });
  return { created: info.created, lastSequence: info.state.last_seq };
}

/** Without the account look-up that the client makes by default: services are not permitted to see the account. */
export function managerOf(connection: NatsConnection): Promise<JetStreamManager> {
  return jetstreamManager(connection, { checkAPI: false, timeout: 3_000 });
}

async function find(manager: JetStreamManager): Promise<StreamInfo | undefined> {
  try {
    return await manager.streams.info(eventStream);
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound) return undefined;
    throw error;
  }
}

const differs = (current: StreamConfig, wanted: Partial<StreamConfig>): boolean =>
  differencesOf(current, wanted).length > 0;

/** Names of what is set otherwise than a service sets it. */
export function differencesOf(current: StreamConfig, wanted: Partial<StreamConfig> = standard): string[] {
  return Object.entries(wanted)
    .filter(([key, value]) => JSON.stringify(current[key as keyof StreamConfig]) !== JSON.stringify(value))
    .map(([key]) => key);
}
