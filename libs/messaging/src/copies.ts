import { JetStreamApiError, type JetStreamManager, type StreamInfo } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { isClustered, withoutCluster } from './refusal.js';

const wanted = new WeakMap<NatsConnection, number>();

/** Says how many copies the streams that are made or found on this connection are to have. */
export function keepsCopies(connection: NatsConnection, copies: number): void {
  wanted.set(connection, copies);
}

/** Undefined: as the server has it, which is one of a new stream. */
export const copiesOn = (connection: NatsConnection): number | undefined => wanted.get(connection);

/** For a stream that is made on it. */
export function copiesOfNew(connection: NatsConnection): { readonly num_replicas?: number } {
  const copies = copiesOn(connection);
  return copies === undefined ? {} : { num_replicas: copies };
}

/**
 * Gives a stream the copies that this connection says, never fewer than it has: of two settings, while one replaces the other, the higher one stands.
 * A cluster that has not enough servers now leaves it as it is. Throws where the server is no cluster, which would believe it has them.
 */
export async function raiseCopies(
  manager: JetStreamManager,
  connection: NatsConnection,
  info: StreamInfo,
): Promise<StreamInfo> {
  const copies = copiesOn(connection);
  if (copies === undefined || info.config.num_replicas >= copies) return info;
  if (!isClustered(connection)) throw withoutCluster();
  try {
    return await manager.streams.update(info.config.name, { num_replicas: copies });
  } catch (error) {
    if (error instanceof JetStreamApiError) return info;
    throw error;
  }
}
