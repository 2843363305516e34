import { z } from 'zod';
import { retainedClasses } from '../directory/tenant.js';
import { defineEvent } from '../events/definition.js';
import { refusalSummary } from '../events/fields.js';
import { text } from '../text.js';

export const eventRefused = defineEvent('audit', 'event', 'refused', {
  occurs:
    'what came by the event stream is not in the log: no event, not of the service or tenant whose name it came by, or in the place of another; the actor is whom NATS let publish it',
  outcome: 'failure',
  data: z.object({
    subject: text(255).meta({
      description: 'The NATS subject that it came by.',
      examples: ['signet.events.v1.0198c59f-0000-7000-8000-000000000001.token.code.issued'],
    }),
    event: text(255)
      .optional()
      .meta({ description: 'The id that it was published under.', examples: ['0198c5a0-7c1e-7b7a-9d2f-1c2d3e4f5a6b'] }),
  }),
});

export const eventRefusalsSummarised = defineEvent('audit', 'event', 'refusals-summarised', {
  occurs: 'a minute with more than ten refused events of one reason has passed',
  outcome: 'failure',
  data: refusalSummary,
});

export const personalKeyDestroyed = defineEvent('audit', 'personal-key', 'destroyed', {
  occurs: "the key of an erased account's personal parts was destroyed: nobody can read them any more",
  data: z.object({}),
});

export const streamBegun = defineEvent('audit', 'stream', 'begun', {
  occurs: 'somebody began to follow the log as a stream',
  data: z.object({
    from: z
      .int()
      .nonnegative()
      .meta({ description: 'The index of the first entry.', examples: [1_200] }),
    types: z.array(z.string()).meta({
      description: 'The types that were asked for; all where there is none.',
      examples: [['signet.authn.sign-in.failed.v1']],
    }),
    personalParts: z.boolean().describe('Whether personal parts are told.'),
  }),
});

export const logKeyCreated = defineEvent('audit', 'log-key', 'created', {
  occurs: "a tenant's log had its first entries, and a key was made that its checkpoints are signed with for good",
  data: z.object({
    origin: z.string().meta({
      description: "The log's name: its URL prefix without the scheme.",
      examples: ['id.example.com/audit/v1/log'],
    }),
    key: z.string().meta({
      description: 'Its verifier key, as C2SP signed-note writes one.',
      examples: ['id.example.com/audit/v1/log+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'],
    }),
  }),
});

export const entryBundleFetched = defineEvent('audit', 'entry-bundle', 'fetched', {
  occurs: 'somebody fetched entries of the log as a bundle',
  data: z.object({
    first: z
      .int()
      .nonnegative()
      .meta({ description: 'The index of the first of them.', examples: [256] }),
    last: z
      .int()
      .nonnegative()
      .meta({ description: 'The index of the last of them.', examples: [511] }),
  }),
});

const asked = z.record(z.string(), z.string()).meta({
  description: 'The filters that were asked with; of a personal one, `network`, the name alone and `*`.',
  examples: [{ type: 'signet.token.*', network: '*' }],
});

export const eventsRead = defineEvent('audit', 'events', 'read', {
  occurs: 'somebody searched the log or read an event of it: one for each page that was answered',
  data: z.object({
    filters: asked,
    count: z
      .int()
      .nonnegative()
      .meta({ description: 'How many events were shown.', examples: [50] }),
    personalParts: z.boolean().describe('Whether personal parts were shown.'),
  }),
});

export const entriesDropped = defineEvent('audit', 'entries', 'dropped', {
  occurs:
    "entries were dropped whose age the tenant's policy sets for their class; their hashes stay, and so does every proof",
  data: z.object({
    class: z.enum(retainedClasses).describe('The class of events that they are of.'),
    before: z.iso.datetime().meta({
      description: 'The time that their own lie before.',
      examples: ['2026-10-27T00:00:00.000Z'],
    }),
    first: z
      .int()
      .nonnegative()
      .meta({ description: 'The least index of them.', examples: [0] }),
    last: z
      .int()
      .nonnegative()
      .meta({
        description: 'The greatest index of them; between the two there may be others that stay.',
        examples: [7_312],
      }),
    count: z
      .int()
      .positive()
      .meta({ description: 'How many they are.', examples: [5_000] }),
    archive: z
      .string()
      .nullable()
      .meta({
        description: 'The file that they were archived to, in SIGNET_AUDIT_ARCHIVE; null where there is none.',
        examples: ['0198c59f-0000-7000-8000-000000000001/tokens/000000000000-000000007312-9f86d081884c7d65.ndjson.gz'],
      }),
    sha256: z
      .string()
      .nullable()
      .meta({
        description: 'Of that file, in hexadecimal.',
        examples: ['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
      }),
  }),
});

export const exportBegun = defineEvent('audit', 'export', 'begun', {
  occurs: 'somebody began to export the log',
  data: z.object({
    format: z.enum(['ndjson', 'ocsf']).describe('The form of the lines.'),
    from: z
      .int()
      .nonnegative()
      .meta({ description: 'The index of the first entry.', examples: [0] }),
    upTo: z
      .int()
      .nonnegative()
      .meta({ description: 'The index that it ends before: where the log ended.', examples: [120_000] }),
    filters: asked,
    personalParts: z.boolean().describe('Whether personal parts are told.'),
  }),
});
