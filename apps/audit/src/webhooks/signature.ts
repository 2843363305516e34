import { createHmac } from 'node:crypto';

interface Signed {
  readonly id: string;
  /** Seconds since the epoch, of the attempt. */
  readonly timestamp: number;
  readonly body: string;
}

/** Standard Webhooks 1.0: headers of one attempt; a signature by each secret, so that a receiver may know either of two. */
export function webhookHeaders(
  { id, timestamp, body }: Signed,
  secrets: readonly Uint8Array[],
): Readonly<Record<string, string>> {
  const content = `${id}.${timestamp}.${body}`;
  const signatures = secrets.map((secret) => `v1,${createHmac('sha256', secret).update(content).digest('base64')}`);
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signatures.join(' ') };
}
