import type { LoggedCloudEvent } from '../reading/cloud-event.js';
import type { EndReason } from './judgement.js';

// HTML living standard section 9.2.5: JSON has no line breaks, so it is one line of data.

/** An event as a message of a stream; `id` is what it is resumed after. */
export const eventFrame = (event: LoggedCloudEvent): string =>
  `id: ${event.logindex}\ndata: ${JSON.stringify(event)}\n\n`;

/** Says that the stream is alive. An id without data moves what is resumed after, and dispatches nothing. */
export const heartbeat = (next: number): string => (next > 0 ? `:\nid: ${next - 1}\n\n` : ':\n\n');

/** Milliseconds after which a client comes back. */
export const opening = (next: number): string => `retry: 1000\n${heartbeat(next)}`;

/** Says that coming back as it came would not help; a stream that merely ends is to be resumed. */
export const endFrame = (reason: EndReason): string => `event: end\ndata: ${JSON.stringify({ reason })}\n\n`;
