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
import { copiesOfNew, raiseCopies } from './copies.js';
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

/** Which stream it is, and how far it has come. */
export interface StreamState {
  /** RFC 3339, nanoseconds: another value means another stream of the same name. */
  readonly created: string;
  /** Zero where the stream never held a message. Does not go back when messages expire. */
  readonly lastSequence: number;
  /** Over the servers of a cluster. */
  readonly copies: number;
}

/**
 * Makes the events' stream where it is missing and brings its configuration up to date. Safe to run in several processes
 * at once, and whenever a publish or a consumer finds the stream gone. Throws while JetStream is away. A stream of another installation, or
 * of something else, is NatsRefused and left as it is, as are a server without JetStream and a user without permission.
 */
export function ensureStream(connection: NatsConnection): Promise<StreamState> {
  return linkOf(connection).whileConnected(async () => {
    try {
      return await makeOrUpdate(connection);
    } catch (error) {
      throw refusalOf(error, connection) ?? error;
    }
  });
}

/** From now on the stream belongs to this installation, whosever it was. Does nothing where there is none. */
export async function adoptStream(connection: NatsConnection, installation: Installation): Promise<boolean> {
  const manager = await managerOf(connection);
  const info = await findStream(manager, eventStream);
  if (!info) return false;
  refuseForeign(info.config, undefined);
  await manager.streams.update(eventStream, { metadata: { ...withInstallation(info.config.metadata, installation) } });
  return true;
}

/** The stream as it is, looked at and not touched; undefined where there is none. Throws NatsRefused as ensureStream. */
export async function lookAtStream(connection: NatsConnection): Promise<StreamInfo | undefined> {
  try {
    return await findStream(await managerOf(connection), eventStream);
  } catch (error) {
    throw refusalOf(error, connection) ?? error;
  }
}

async function makeOrUpdate(connection: NatsConnection): Promise<StreamState> {
  const manager = await managerOf(connection);
  const ours = installationOf(connection);
  let info = await findStream(manager, eventStream);
  info ??= await manager.streams.add({
    ...standard,
    ...copiesOfNew(connection),
    ...(ours && { metadata: { ...withInstallation({}, ours) } }),
  });
  refuseForeign(info.config, ours);
  const metadata = ours && metadataOf(info.config.metadata, ours);
  if (metadata || differencesOf(info.config).length > 0)
    info = await manager.streams.update(eventStream, { ...standard, ...(metadata && { metadata: { ...metadata } }) });
  info = await raiseCopies(manager, connection, info);
  return { created: info.created, lastSequence: info.state.last_seq, copies: info.config.num_replicas };
}

/** Without the account look-up that the client makes by default: services are not permitted to see the account. */
export function managerOf(connection: NatsConnection): Promise<JetStreamManager> {
  return jetstreamManager(connection, { checkAPI: false, timeout: 3_000 });
}

/** Undefined where there is none. */
export async function findStream(manager: JetStreamManager, name: string): Promise<StreamInfo | undefined> {
  try {
    return await manager.streams.info(name);
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound) return undefined;
    throw error;
  }
}

/** Names of what is set otherwise than a service sets it. */
export function differencesOf(current: StreamConfig): string[] {
  return Object.entries(standard)
    .filter(([key, value]) => JSON.stringify(current[key as keyof StreamConfig]) !== JSON.stringify(value))
    .map(([key]) => key);
}
