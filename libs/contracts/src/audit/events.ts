import { z } from 'zod';
import { defineEvent } from '../events/definition.js';

export const personalKeyDestroyed = defineEvent('audit', 'personal-key', 'destroyed', {
  occurs: "the key of an erased account's personal parts was destroyed: nobody can read them any more",
  data: z.object({}),
});
