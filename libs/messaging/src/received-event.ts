import type { JsMsg } from '@nats-io/jetstream';
import { envelope as schema, mayHappenTo, mostLeafBytes, serviceNames, type Envelope } from '@signet/contracts';
import { z } from 'zod';
import { personalHeader } from './wire.js';

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

/**
 * Why a message is no event. `foreign_name`: not of the service, the tenant or the type that its subject says; `foreign_aggregate`: what it happened to
 * is another service's.
 */
export const unreadable = [
  'too_large',
  'not_json',
  'not_an_event',
  'foreign_id',
  'foreign_name',
  'foreign_aggregate',
  'malformed_personal_part',
] as const;
export type Unreadable = (typeof unreadable)[number];

/** Bytes in UTF-8: with the ids beside it in an index, less than the third of a page that Postgres takes there. */
const mostIndexed = 2_000;
/** Of objects and lists in each other. More than input may have with what an event puts around it, and far less than a stack bears. */
const deepest = 64;
/** What verifying a log counts versions in. */
const mostVersion = 2 ** 32 - 1;

/** NUL, or half a character: no text of Postgres'. */
const unfit = /\0|\p{Surrogate}/u;
const text = z.string().refine((given) => !unfit.test(given) && Buffer.byteLength(given) <= mostIndexed);
/** As Postgres writes it: one id has one form. */
const uuid = z.uuid().lowercase();

/** The envelope as a log can hold, index and verify it. */
const storable = schema
  .extend({
    ...{ id: uuid, tenant: uuid, time: z.iso.datetime({ offset: true }) },
    ...{ source: text, type: text, aggregate: text, actor: text },
    aggregateversion: z.int().positive().max(mostVersion),
    ...{ onbehalfof: text.optional(), subject: text.optional(), client: text.optional(), session: text.optional() },
    ...{ reason: text.optional(), traceparent: text.optional(), personaldigest: text.optional() },
  })
  // What happened to nothing else is an aggregate of one.
  .refine(({ id, aggregate, aggregateversion }) => !aggregate.endsWith(`:${id}`) || aggregateversion === 1)
  .refine((event) => !isDeeper(event, deepest));

const isDeeper = (value: unknown, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1)));

// A byte order mark stays in the leaf, and is no JSON to whoever reads it there.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const isVersionOf = (type: string, name: string): boolean =>
  type.startsWith(`${name}.v`) && /^[1-9]\d*$/.test(type.slice(name.length + 2));

/**
 * A message as an event, or why it is none: what passes can be stored, indexed, written again and verified. Does not check `data`, which is for
 * its type's definition, nor the personal part against its digest: it is sealed.
 */
export function readEvent(
  message: Pick<JsMsg, 'data' | 'headers' | 'subject' | 'seq'>,
  streamCreated: string,
): ReceivedEvent | { readonly unreadable: Unreadable } {
  if (message.data.length > mostLeafBytes) return { unreadable: 'too_large' };
  let json: unknown;
  try {
    json = JSON.parse(decoder.decode(message.data));
  } catch {
    return { unreadable: 'not_json' };
  }
  const parsed = storable.safeParse(json);
  if (!parsed.success) return { unreadable: 'not_an_event' };
  const envelope = parsed.data;
  if (message.headers?.get('Nats-Msg-Id') !== envelope.id) return { unreadable: 'foreign_id' };
  // NATS permits a service its own name in the subject alone; the leaf could claim any.
  const [, , , tenant, service = '', ...name] = message.subject.split('.');
  const named = envelope.tenant === tenant && envelope.source === `/signet/${service}`;
  if (!named || !isVersionOf(envelope.type, `signet.${service}.${name.join('.')}`)) {
    return { unreadable: 'foreign_name' };
  }
  const known = serviceNames.find((one) => one === service);
  if (known && !mayHappenTo(known, envelope)) return { unreadable: 'foreign_aggregate' };
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
