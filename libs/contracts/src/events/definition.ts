import { z } from 'zod';
import type { EventId, TenantId } from '../ids.js';
import type { ServiceName } from '../services.js';
import type { EventContext } from './context.js';
import { fitForLeaf } from './leaf-limit.js';

/** What an event is of: the log keeps each class in partitions of its own. */
export const eventClasses = ['authentication', 'tokens', 'administration', 'audit'] as const;
export type EventClass = (typeof eventClasses)[number];

/** `failure`: something was refused, or did not come about. */
export const eventOutcomes = ['success', 'failure'] as const;
export type EventOutcome = (typeof eventOutcomes)[number];

export const classOfService: Readonly<Record<ServiceName, EventClass>> = {
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
    class: definition.class ?? classOfService[service],
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

/** Characters of a reason. */
const mostReason = 255;

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
    ...(input.reason && { reason: input.reason.slice(0, mostReason) }),
    ...(making.traceparent && { traceparent: making.traceparent }),
    ...(sealing && { personaldigest: sealing.digest }),
    data: definition.data.parse(input.data) as Record<string, unknown>,
  };
  return {
    id: making.id,
    tenantId: input.tenantId,
    subject: `signet.events.v1.${input.tenantId}.${definition.service}.${definition.noun}.${definition.verb}`,
    aggregate,
    head: fitForLeaf(head),
    ...(sealing && { personal: sealing.sealed }),
  };
}

/** A stored event, as its leaf's JSON reads. Unknown members are kept: the form grows by addition. */
export const envelope = z.looseObject({
  specversion: z.literal('1.0').describe('Of CloudEvents.'),
  id: z.uuid().meta({
    description: 'A UUIDv7, made with the event; what tells two deliveries of one event from two events.',
    examples: ['0198c5a0-7c1e-7b7a-9d2f-1c2d3e4f5a6b'],
  }),
  source: z.string().meta({ description: 'Whose event it is: `/signet/<service>`.', examples: ['/signet/authn'] }),
  type: z.string().meta({
    description: '`signet.<service>.<noun>.<past-tense>.v1`, as below.',
    examples: ['signet.authn.sign-in.failed.v1'],
  }),
  time: z.string().meta({
    description: "When it was recorded, by Postgres' clock: RFC 3339, UTC, milliseconds.",
    examples: ['2026-11-26T12:00:00.000Z'],
  }),
  datacontenttype: z
    .string()
    .optional()
    .meta({ description: 'Always the same.', examples: ['application/json'] }),
  tenant: z.uuid().meta({
    description: 'The id of the tenant in whose log it is.',
    examples: ['0198c59f-0000-7000-8000-000000000001'],
  }),
  aggregate: z.string().meta({
    description: 'What it happened to, `<kind>:<id>`; an event that changed no row is an aggregate of its own.',
    examples: ['sign-in:0198c5a0-7c1e-7b7a-9d2f-1c2d3e4f5a6b'],
  }),
  aggregateversion: z
    .int()
    .positive()
    .meta({
      description: 'Its place among the events of its aggregate, from 1 without a gap; the log keeps their order.',
      examples: [1],
    }),
  actor: z.string().meta({
    description:
      'Who acted: `account:<id>`, `client:<client_id>`, `operator:<command>`, `service:<name>` or `anonymous`.',
    examples: ['anonymous'],
  }),
  onbehalfof: z
    .string()
    .optional()
    .meta({
      description: 'For whom the actor acted, in the same form.',
      examples: ['account:0198c5a0-1111-7b7a-9d2f-1c2d3e4f5a6b'],
    }),
  subject: z
    .string()
    .optional()
    .meta({
      description: 'The account that it is about, `account:<id>`.',
      examples: ['account:0198c5a0-1111-7b7a-9d2f-1c2d3e4f5a6b'],
    }),
  client: z
    .string()
    .optional()
    .meta({ description: 'The `client_id` that it is about.', examples: ['demo'] }),
  session: z
    .string()
    .optional()
    .meta({
      description: 'The id of the SSO session that it belongs to.',
      examples: ['0198c5a0-2222-7b7a-9d2f-1c2d3e4f5a6b'],
    }),
  reason: z
    .string()
    .optional()
    .meta({
      description: 'Why, in a word of ours; mostly of what was refused or ended.',
      examples: ['wrong_password'],
    }),
  traceparent: z
    .string()
    .optional()
    .meta({
      description: 'The trace that it happened in (W3C Trace Context).',
      examples: ['00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'],
    }),
  personaldigest: z
    .string()
    .optional()
    .meta({
      description: 'base64url of the salted SHA-256 of its personal part; absent where it has none.',
      examples: ['n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg'],
    }),
  data: z.record(z.string(), z.unknown()).meta({ description: 'What its type says.', examples: [{}] }),
});
export type Envelope = z.infer<typeof envelope>;

export const eventStream = 'SIGNET_EVENTS';
export const eventSubjects = 'signet.events.v1.>';

/** What consumers could not read; `signet.dead.v1.<consumer>`. */
export const deadLetterStream = 'SIGNET_DEAD_LETTERS';
export const deadLetterSubjects = 'signet.dead.v1.>';
