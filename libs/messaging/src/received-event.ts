import type { JsMsg } from '@nats-io/jetstream';
import { decode, personalHeader } from './wire.js';

export interface ReceivedEvent {
  /** The event's id. */
  readonly id: string;
  readonly subject: string;
  /** The exact bytes that were recorded. */
  readonly leaf: Uint8Array;
  /** The leaf, parsed. Only its being an object with this id has been checked. */
  readonly envelope: Readonly<Record<string, unknown>>;
  /** Sealed. */
  readonly personal?: Uint8Array;
  /** RFC 3339; with `sequence` the position to store with the effect. */
  readonly streamCreated: string;
  readonly sequence: number;
}

/** A message as an event, or why it is none. */
export function readEvent(message: JsMsg, streamCreated: string): ReceivedEvent | { readonly unreadable: string } {
  let envelope: unknown;
  try {
    envelope = decode(message.data);
  } catch {
    return { unreadable: 'not JSON' };
  }
  if (typeof envelope !== 'object' || envelope === null || Array.isArray(envelope))
    return { unreadable: 'not an object' };
  const { id } = envelope as { id?: unknown };
  if (typeof id !== 'string' || id === '') return { unreadable: 'no id' };
  if (message.headers?.get('Nats-Msg-Id') !== id) return { unreadable: 'published under another id' };

  const sealed = message.headers.get(personalHeader);
  // Buffer.from ignores what is not base64url.
  if (sealed && !/^[\w-]+$/.test(sealed)) return { unreadable: 'a malformed personal part' };
  return {
    id,
    subject: message.subject,
    leaf: message.data,
    envelope: envelope as Record<string, unknown>,
    ...(sealed && { personal: Buffer.from(sealed, 'base64url') }),
    streamCreated,
    sequence: message.seq,
  };
}
