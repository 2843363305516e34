import { AckPolicy, DeliverPolicy, JetStreamApiError, type ConsumerConfig } from '@nats-io/jetstream';
import { nanos, type NatsConnection } from '@nats-io/transport-node';
import { eventStream } from '@signet/contracts';
import { linkOf } from './link.js';
import { managerOf } from './stream.js';

/** Made under this name for whoever consumes a tenant's events from outside; its user is called the same. */
export const tenantConsumer = (name: string): string => `consumer-${name}`;

/** It exists with another configuration. */
const consumerExists = 10148;

/**
 * Makes a pull consumer of one tenant's events, or brings it up to date; for another tenant than before it begins anew. Its user may not: whoever may make a consumer may have its
 * messages delivered to any subject. Throws where the stream is not there.
 */
export function ensureTenantConsumer(connection: NatsConnection, name: string, tenantId: string): Promise<void> {
  return linkOf(connection).whileConnected(async () => {
    const manager = await managerOf(connection);
    const durable = tenantConsumer(name);
    const config: Partial<ConsumerConfig> = {
      durable_name: durable,
      ack_policy: AckPolicy.Explicit,
      ack_wait: nanos(30_000),
      max_deliver: -1,
      max_ack_pending: 1_000,
      deliver_policy: DeliverPolicy.All,
      filter_subject: `signet.events.v1.${tenantId}.>`,
    };
    try {
      await manager.consumers.add(eventStream, config);
    } catch (error) {
      if (!(error instanceof JetStreamApiError) || error.code !== consumerExists) throw error;
      const { config: standing } = await manager.consumers.info(eventStream, durable);
      if (standing.filter_subject === config.filter_subject) {
        await manager.consumers.update(eventStream, durable, config);
        return;
      }
      // Of another tenant: its place says nothing of this one.
      await manager.consumers.delete(eventStream, durable);
      await manager.consumers.add(eventStream, config);
    }
  });
}
