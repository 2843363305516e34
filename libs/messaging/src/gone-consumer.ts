import type { ConsumerMessages } from '@nats-io/jetstream';

/** Ends what a consumer gives where it, its stream or NATS is not there any more: whoever reads looks it up again. */
export async function closeWhenGone(messages: ConsumerMessages, onGone: (reason: string) => void): Promise<void> {
  for await (const { type } of messages.status()) {
    switch (type) {
      case 'consumer_not_found':
      case 'consumer_deleted':
      case 'stream_not_found':
      case 'no_responders':
      case 'heartbeats_missed':
        onGone(type);
        void messages.close();
        break;
      default:
    }
  }
}
