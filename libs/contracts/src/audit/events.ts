import { z } from 'zod';
import { defineEvent } from '../events/definition.js';

export const personalKeyDestroyed = defineEvent('audit', 'personal-key', 'destroyed', {
  occurs: "the key of an erased account's personal parts was destroyed: nobody can read them any more",
  data: z.object({}),
});

export const streamBegun = defineEvent('audit', 'stream', 'begun', {
  occurs:
    'somebody began to follow the log as a stream; `from` is the index of the first entry, `personal` says that personal parts are told',
  data: z.object({ from: z.int().nonnegative(), types: z.array(z.string()), personal: z.boolean() }),
});
