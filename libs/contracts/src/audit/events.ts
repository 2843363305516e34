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
