import type { JsMsg } from '@nats-io/jetstream';
import { envelope as schema, mostLeafBytes, type Envelope } from '@signet/contracts';
import { decode, personalHeader } from './wire.js';

export interface ReceivedEvent {
  /** The event's id. */
  readonly id: string;
  readonly subject: string;
  /** The exact bytes that were recorded. */
  readonly leaf: Uint8Array;
  /** The leaf, parsed as every event's form has it; `data` is for the event's own definition to parse. */
  readonly envelope: Envelope;
  /** Sealed. */
  readonly personal?: Uint8Array;
  /** RFC 3339; with `sequence` the position to store with the effect. */
  readonly streamCreated: string;
  readonly sequence: number;
}

/** Why a message is no event. `foreign_name`: not of the service, or the tenant, that its subject says. */
export type Unreadable =
  'too_large' | 'not_json' | 'not_an_event' | 'foreign_id' | 'foreign_name' | 'malformed_personal_part';

/** A message as an event, or why it is none. Does not check the personal part against its digest: it is sealed. */
export function readEvent(message: JsMsg, streamCreated: string): ReceivedEvent | { readonly unreadable: Unreadable } {
  if (message.data.length > mostLeafBytes) return { unreadable: 'too_large' };
  let json: unknown;
  try {
    json = decode(message.data);
  } catch {
    return { unreadable: 'not_json' };
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) return { unreadable: 'not_an_event' };
  const envelope = parsed.data;
  if (message.headers?.get('Nats-Msg-Id') !== envelope.id) return { unreadable: 'foreign_id' };
  // NATS permits a service its own name in the subject alone; the leaf could claim any.
  const [, , , tenant, service] = message.subject.split('.');
  if (envelope.tenant !== tenant || envelope.source !== `/signet/${String(service)}`) {
    return { unreadable: 'foreign_name' };
  }
  const sealed = message.headers.get(personalHeader);
  // Buffer.from would skip over what is not base64url.
  if (!/^[\w-]*$/.test(sealed)) return { unreadable: 'malformed_personal_part' };
  return {
    id: envelope.id,
    subject: message.subject,
    leaf: message.data,
    envelope,
    ...(sealed && { personal: Buffer.from(sealed, 'base64url') }),
    streamCreated,
    sequence: message.seq,
  };
}
