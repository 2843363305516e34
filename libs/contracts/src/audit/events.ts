import { z } from 'zod';
import { defineEvent } from '../events/definition.js';

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
    personal: z.boolean().describe('Whether personal parts are told.'),
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
