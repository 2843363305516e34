import { jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { eventStream } from '@signet/contracts';
import { BackOff } from './back-off.js';
import { closeWhenGone } from './gone-consumer.js';
import { linkOf } from './link.js';
import { readersDomain } from './permissions.js';
import { refusalOf } from './refusal.js';
import { tenantConsumer } from './tenant-consumer.js';

export interface TenantEventsOptions {
  /** Of the consumer's own user. */
  readonly connection: NatsConnection;
  /** As SIGNET_AUDIT_CONSUMERS names the consumer. */
  readonly name: string;
  readonly signal: AbortSignal;
  /** Given the leaf of each event, which is acknowledged when this returns. Must not throw. */
  readonly take: (leaf: Uint8Array) => void;
  /** Told when the consumer, its stream or NATS is not there; it is waited for. */
  readonly onAway?: (reason: string) => void;
}

/**
 * Follows a consumer that audit has made for whoever reads from outside, until `signal` aborts, at least once each: what was fetched and not
 * taken by then is delivered again. Throws NatsRefused where the connection's user may not read this consumer.
 */
export async function followTenantEvents({
  connection,
  name,
  signal,
  take,
  onAway,
}: TenantEventsOptions): Promise<void> {
  const { consumers } = jetstream(connection, { domain: readersDomain, timeout: 3_000 });
  const link = linkOf(connection);
  const isOver = (): boolean => signal.aborted;
  const backOff = new BackOff(100, 5_000);
  for (;;) {
    await link.whenConnected(signal);
    if (isOver()) return;
    try {
      const consumer = await link.whileConnected(() => consumers.get(eventStream, tenantConsumer(name)));
      // `bind`: a consumer that is lost is made again by audit, and looked up here.
      const messages = await consumer.consume({
        bind: true,
        max_messages: 100,
        expires: 10_000,
        idle_heartbeat: 2_500,
      });
      const close = () => void messages.close();
      const forgetDown = link.onDown(close);
      signal.addEventListener('abort', close);
      if (isOver()) close();
      void closeWhenGone(messages, (reason) => onAway?.(reason));
      try {
        for await (const message of messages) {
          take(message.data);
          message.ack();
          backOff.reset();
        }
      } finally {
        forgetDown();
        signal.removeEventListener('abort', close);
        close();
      }
      if (link.connected) await connection.flush();
    } catch (error) {
      const refused = refusalOf(error, connection);
      if (refused) throw refused;
      if (!isOver()) onAway?.(error instanceof Error ? error.message : String(error));
      await backOff.wait(signal);
    }
  }
}
