import { z } from 'zod';
import { defineEvent } from '../events/definition.js';

const members = z.record(z.string(), z.unknown()).optional();

const change = z.object({
  changed: z.array(z.string()).meta({ description: 'Names of the members that changed.', examples: [['url']] }),
  before: members.meta({
    description: 'The changed members as they were; a secret is never among them.',
    examples: [{ url: 'https://siem.example/old' }],
  }),
  after: members.meta({ description: 'The same as they are now.', examples: [{ url: 'https://siem.example/new' }] }),
});

const administration = 'administration' as const;

export const webhookCreated = defineEvent('audit', 'webhook', 'created', {
  occurs: 'a webhook was created',
  class: administration,
  data: change,
});

export const webhookUpdated = defineEvent('audit', 'webhook', 'updated', {
  occurs: 'a webhook was changed',
  class: administration,
  data: change,
});

export const webhookDeleted = defineEvent('audit', 'webhook', 'deleted', {
  occurs: 'a webhook was deleted',
  class: administration,
  data: change,
});

export const webhookSecretRotated = defineEvent('audit', 'webhook', 'secret-rotated', {
  occurs: 'a webhook got a new secret',
  class: administration,
  data: z.object({
    endOthers: z.boolean().describe('Whether the secret before it signs no more, rather than for a day.'),
  }),
});

export const webhookReplayed = defineEvent('audit', 'webhook', 'replayed', {
  occurs: 'somebody had a webhook told again what was logged',
  class: administration,
  data: z.object({
    from: z
      .int()
      .nonnegative()
      .meta({ description: 'The index of the first entry that it is told again.', examples: [1_200] }),
  }),
});

const answer = z.string().meta({
  description: 'The HTTP status of its last answer, or a word for why there was none.',
  examples: ['410'],
});

export const webhookDisabled = defineEvent('audit', 'webhook', 'disabled', {
  occurs:
    'Signet disabled a webhook; `reason` is gone (it answered 410) or failing (nothing was delivered for five days)',
  class: administration,
  outcome: 'failure',
  data: z.object({ answer }),
});

const delivery = z.object({
  webhook: z
    .string()
    .meta({ description: 'The id of the webhook.', examples: ['whk_0198c5a07c1e7b7a9d2f1c2d3e4f5a6b'] }),
  event: z.string().meta({
    description: 'The id of the event that it was to be told.',
    examples: ['0198c5a0-7c1e-7b7a-9d2f-1c2d3e4f5a6b'],
  }),
  type: z.string().meta({ description: 'Its type.', examples: ['signet.authn.sign-in.failed.v1'] }),
  position: z
    .int()
    .nonnegative()
    .meta({ description: "Its index in the tenant's log.", examples: [1_200] }),
  attempts: z
    .int()
    .nonnegative()
    .meta({ description: 'How often it was tried until then.', examples: [10] }),
  answer: answer.optional(),
});

export const webhookDeliveryDeadLettered = defineEvent('audit', 'webhook-delivery', 'dead-lettered', {
  occurs:
    'an event could not be delivered to a webhook in ten attempts over three days, and is not tried again by itself',
  class: administration,
  outcome: 'failure',
  data: delivery,
});

export const webhookDeliveryRetried = defineEvent('audit', 'webhook-delivery', 'retried', {
  occurs: 'somebody had a delivery to a webhook tried again',
  class: administration,
  data: delivery,
});
