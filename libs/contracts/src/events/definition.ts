import { z } from 'zod';
import type { EventId, TenantId } from '../ids.js';
import type { ServiceName } from '../services.js';
import type { EventContext } from './context.js';

/** What an event is kept for: each has a retention of its own. */
export const eventClasses = ['authentication', 'tokens', 'administration', 'audit'] as const;
export type EventClass = (typeof eventClasses)[number];

/** `failure`: something was refused, or did not come about. */
export const eventOutcomes = ['success', 'failure'] as const;
export type EventOutcome = (typeof eventOutcomes)[number];

const classOf: Readonly<Record<ServiceName, EventClass>> = {
  authn: 'authentication',
  session: 'authentication',
  token: 'tokens',
  directory: 'administration',
  audit: 'audit',
};

/** A kind of event: additive only, for ever. Its type carries its version. */
export interface EventDefinition<D extends z.ZodType = z.ZodType, P extends z.ZodType = z.ZodType> {
  readonly service: ServiceName;
  /** `signet.<service>.<noun>.<past-tense>.v1` */
  readonly type: string;
  readonly noun: string;
  readonly verb: string;
  /** When it occurs, in a sentence, for the catalogue. */
  readonly occurs: string;
  readonly outcome: EventOutcome;
  readonly class: EventClass;
  readonly data: D;
  /** Personal fields, beside the network, which every event may carry. */
  readonly personal: P;
}

export function defineEvent<D extends z.ZodType, P extends z.ZodType = z.ZodUndefined>(
  service: ServiceName,
  noun: string,
  verb: string,
  definition: { occurs: string; outcome?: EventOutcome; class?: EventClass; data: D; personal?: P },
): EventDefinition<D, P> {
  return {
    service,
    type: `signet.${service}.${noun}.${verb}.v1`,
    noun,
    verb,
    occurs: definition.occurs,
    outcome: definition.outcome ?? 'success',
    class: definition.class ?? classOf[service],
    data: definition.data,
    personal: (definition.personal ?? z.undefined()) as P,
  };
}

export interface EventInput<D, P> {
  tenantId: TenantId;
  /** Id of the aggregate that it happened to; without one the event is an aggregate of its own. */
  aggregate?: string;
  /** Kind of the aggregate where it is not the event's noun. */
  aggregateKind?: string;
  context: EventContext;
  data: D;
  personal?: P;
  account?: string;
  client?: string;
  session?: string;
  reason?: string;
}

/** An event ready to be stored with its change. `head` is the leaf less what only the statement knows (aggregateversion, members of the row). */
export interface RecordedEvent {
  readonly id: EventId;
  readonly tenantId: TenantId;
  /** NATS subject. */
  readonly subject: string;
  readonly aggregate: string;
  readonly head: Readonly<Record<string, unknown>>;
  /** Sealed personal part. */
  readonly personal?: Uint8Array;
}

/** What the maker of an event adds to it. */
export interface EventMaking {
  id: EventId;
  /** RFC 3339, UTC, milliseconds. */
  time: string;
  traceparent: string | undefined;
  /** Seals the personal part's JSON; gives its sealed form and the salted digest that the leaf holds. */
  seal: (personal: Record<string, unknown>, id: EventId) => { sealed: Uint8Array; digest: string };
}

/** The one way to an event: checks data and personal part against the definition (throws on a mismatch, which is a bug). */
export function assembleEvent<D extends z.ZodType, P extends z.ZodType>(
  definition: EventDefinition<D, P>,
  input: EventInput<z.input<D>, z.input<P>>,
  making: EventMaking,
): RecordedEvent {
  const own = definition.personal.parse(input.personal) as Record<string, unknown> | undefined;
  const personal = { ...own, ...(input.context.network && { network: input.context.network }) };
  const sealing = Object.keys(personal).length > 0 ? making.seal(personal, making.id) : undefined;
  const aggregate = `${input.aggregateKind ?? definition.noun}:${input.aggregate ?? making.id}`;
  const head = {
    specversion: '1.0',
    id: making.id,
    source: `/signet/${definition.service}`,
    type: definition.type,
    time: making.time,
    datacontenttype: 'application/json',
    tenant: input.tenantId,
    aggregate,
    actor: input.context.actor,
    ...(input.context.onBehalfOf && { onbehalfof: input.context.onBehalfOf }),
    ...(input.account && { subject: `account:${input.account}` }),
    ...(input.client && { client: input.client }),
    ...(input.session && { session: input.session }),
    ...(input.reason && { reason: input.reason }),
    ...(making.traceparent && { traceparent: making.traceparent }),
    ...(sealing && { personaldigest: sealing.digest }),
    data: definition.data.parse(input.data),
  };
  return {
    id: making.id,
    tenantId: input.tenantId,
    subject: `signet.events.v1.${input.tenantId}.${definition.service}.${definition.noun}.${definition.verb}`,
    aggregate,
    head,
    ...(sealing && { personal: sealing.sealed }),
  };
}

/** A stored event, as its leaf's JSON reads. Unknown members are kept: the form grows by addition. */
export const envelope = z.looseObject({
  specversion: z.literal('1.0'),
  id: z.uuid(),
  source: z.string(),
  type: z.string(),
  time: z.string(),
  tenant: z.uuid(),
  aggregate: z.string(),
  aggregateversion: z.int().positive(),
  actor: z.string(),
  onbehalfof: z.string().optional(),
  subject: z.string().optional(),
  client: z.string().optional(),
  session: z.string().optional(),
  reason: z.string().optional(),
  traceparent: z.string().optional(),
  personaldigest: z.string().optional(),
  data: z.record(z.string(), z.unknown()),
});
export type Envelope = z.infer<typeof envelope>;

export const eventStream = 'SIGNET_EVENTS';
export const eventSubjects = 'signet.events.v1.>';
