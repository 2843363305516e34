import { z } from 'zod';
import { webhookId } from '../ids.js';
import { text } from '../text.js';
import { idText, stamps } from './collection.js';
import { listOf, listQuery } from './lists.js';
import { operation } from './operation.js';
import { shownId } from './shown-id.js';

/** A type of event, or `signet.directory.*` for all that lie below. */
export const eventTypePattern = z
  .string()
  .max(200)
  .regex(/^signet(?:\.[a-z0-9-]+)*\.(?:[a-z0-9-]+|\*)$/, 'is a type of event, or one that ends with .*');

const members = {
  url: z.string().max(2_000).describe('Absolute, https. Redirects are not followed.'),
  description: text(200).default(''),
  types: z
    .array(eventTypePattern)
    .max(100)
    .default([])
    .describe('Types of events, or what they begin with and `.*`; none: all.'),
  enabled: z.boolean().default(true),
} as const;

export const webhookObject = z.strictObject(members);
export type WebhookObject = z.output<typeof webhookObject>;

export const webhookFaults = ['gone', 'failing'] as const;

const shownMembers = {
  id: idText('whk'),
  url: z.string(),
  description: z.string(),
  types: z.array(z.string()),
  enabled: z.boolean(),
  disabled_reason: z
    .enum(webhookFaults)
    .nullable()
    .describe('Why Signet disabled it: it answered 410, or nothing was delivered for five days.'),
  position: z.int().nonnegative().describe('Index in the log of the first entry that is not under way yet.'),
  waiting: z.int().nonnegative().describe('Events that are under way.'),
  failing_since: z.iso.datetime().nullable().describe('Null where the last attempt was a success.'),
  secrets: z.int().positive().describe('With how many secrets it signs: two for a day after a rotation.'),
  secret_readable: z
    .boolean()
    .describe(
      'False where Signet has not the key that a secret of it is sealed under: nothing is told until it has, or the secret is rotated with `end_others`.',
    ),
  ...stamps,
} as const;

export const shownWebhook = z.strictObject(shownMembers).meta({ id: 'Webhook' });
export type ShownWebhook = z.infer<typeof shownWebhook>;

const secret = z.string().describe('`whsec_…`, as Standard Webhooks has it. Shown this once.');
export const createdWebhook = z.strictObject({ ...shownMembers, secret }).meta({ id: 'CreatedWebhook' });
export type CreatedWebhook = z.infer<typeof createdWebhook>;

export const webhookDeliveryOutcomes = ['waiting', 'delivered', 'dead_lettered'] as const;

export const shownWebhookDelivery = z
  .strictObject({
    position: z.int().nonnegative().describe("Index of the event in the tenant's log."),
    event_id: z.uuid(),
    type: z.string(),
    aggregate: z.string().describe('What it happened to: events of one are delivered in their order.'),
    outcome: z
      .enum(webhookDeliveryOutcomes)
      .describe('`dead_lettered`: it failed ten times over three days, and is not tried again by itself.'),
    attempts: z.int().nonnegative(),
    last_answer: z.string().nullable().describe('The status of the last answer, or a word for why there was none.'),
    last_attempt_at: z.iso.datetime().nullable(),
    next_attempt_at: z.iso.datetime().nullable().describe('Null where none follows.'),
    finished_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'WebhookDelivery' });
export type ShownWebhookDelivery = z.infer<typeof shownWebhookDelivery>;

const about = { service: 'audit', collection: 'webhooks' } as const;
const reading = { ...about, permission: 'webhooks:read' } as const;
const writing = { ...about, permission: 'webhooks:write' } as const;
const parameters = z.strictObject({ webhook_id: shownId('whk', webhookId) });
const deliveryParameters = parameters.extend({
  position: z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
});
const onePath = '/webhooks/{webhook_id}';

export const webhookOperations = {
  list: operation({
    ...reading,
    id: 'listWebhooks',
    method: 'GET',
    path: '/webhooks',
    summary: 'List webhooks',
    query: listQuery({}),
    paged: true,
    response: { schema: listOf(shownWebhook) },
  }),
  create: operation({
    ...writing,
    id: 'createWebhook',
    method: 'POST',
    path: '/webhooks',
    summary: 'Create a webhook',
    description:
      'It is told of what is logged from now on. It is told no personal parts of events. Needs `events:read` in the whole tenant as well.',
    body: webhookObject,
    versioned: true,
    secret: true,
    response: { schema: createdWebhook },
    problems: ['limit-reached'],
  }),
  read: operation({
    ...reading,
    id: 'readWebhook',
    method: 'GET',
    path: onePath,
    summary: 'Read a webhook',
    parameters,
    versioned: true,
    response: { schema: shownWebhook },
  }),
  update: operation({
    ...writing,
    id: 'updateWebhook',
    method: 'PATCH',
    path: onePath,
    summary: 'Change a webhook',
    description: 'One that is enabled again goes on where it was. Needs `events:read` in the whole tenant as well.',
    parameters,
    patch: webhookObject,
    versioned: true,
    response: { schema: shownWebhook },
  }),
  remove: operation({
    ...writing,
    id: 'deleteWebhook',
    method: 'DELETE',
    path: onePath,
    summary: 'Delete a webhook',
    parameters,
    versioned: true,
  }),
  rotateSecret: operation({
    ...writing,
    id: 'rotateWebhookSecret',
    method: 'POST',
    path: `${onePath}/secret`,
    summary: "Rotate a webhook's secret",
    description: 'Makes a new secret. For a day the one before it signs as well, or ends at once.',
    parameters,
    body: z.strictObject({
      end_others: z.boolean().default(false).describe('No other secret signs any more: for one that has become known.'),
    }),
    versioned: true,
    secret: true,
    response: { schema: z.strictObject({ id: idText('whk'), secret }).meta({ id: 'WebhookSecret' }) },
  }),
  replay: operation({
    ...writing,
    id: 'replayWebhook',
    method: 'POST',
    path: `${onePath}/replay`,
    summary: 'Tell a webhook again what was logged',
    description:
      'From a time or an index of the log on. What retention has dropped meanwhile is left out. Needs `events:read` in the whole tenant as well.',
    parameters,
    body: z.strictObject({
      from: z.union([
        z.strictObject({ time: z.iso.datetime({ offset: true }) }),
        z.strictObject({ position: z.int().nonnegative() }),
      ]),
    }),
    versioned: true,
    response: { status: 200, schema: shownWebhook },
  }),
  listDeliveries: operation({
    ...reading,
    id: 'listWebhookDeliveries',
    method: 'GET',
    path: `${onePath}/deliveries`,
    summary: 'List what a webhook is told',
    description: 'The latest first. What was delivered is kept for a day, dead letters for thirty.',
    parameters,
    query: listQuery({ outcome: z.enum(webhookDeliveryOutcomes).optional() }),
    paged: true,
    response: { schema: listOf(shownWebhookDelivery) },
  }),
  readDelivery: operation({
    ...reading,
    id: 'readWebhookDelivery',
    method: 'GET',
    path: `${onePath}/deliveries/{position}`,
    summary: 'Read what became of one event',
    parameters: deliveryParameters,
    response: { schema: shownWebhookDelivery },
  }),
  retryDelivery: operation({
    ...writing,
    id: 'retryWebhookDelivery',
    method: 'POST',
    path: `${onePath}/deliveries/{position}/retry`,
    summary: 'Try a dead letter again',
    description:
      'Also what was delivered, or is waiting for its next attempt: at once, with as many attempts as at first.',
    parameters: deliveryParameters,
    response: { status: 200, schema: shownWebhookDelivery },
  }),
} as const;
