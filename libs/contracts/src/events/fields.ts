import { z } from 'zod';
import { text } from '../text.js';

// What more than one event tells, with the meaning that the catalogue prints. A field's meaning never changes: another is another field.

const uuidExample = '0198c5a0-7c1e-7b7a-9d2f-1c2d3e4f5a6b';

export const scopes = z.array(z.string()).meta({ description: 'Names of scopes.', examples: [['openid', 'email']] });

export const jti = z
  .string()
  .meta({ description: 'The `jti` of the access token.', examples: ['UoIZ0rPZ5Bm3xw4pzY0nTg'] });

export const instance = z.string().meta({
  description: 'The grant instance: what came of this one redemption, and ends together.',
  examples: [uuidExample],
});

export const family = z
  .string()
  .nullable()
  .meta({
    description: 'The family of refresh tokens that it began; null where none was given.',
    examples: [uuidExample],
  });

export const generation = z
  .int()
  .optional()
  .meta({ description: "The refresh token's place in its family, counted from 0.", examples: [3] });

export const acr = z.string().meta({
  description: 'The authentication context class that was reached, as `acr` of an ID token.',
  examples: ['urn:signet:acr:password'],
});

export const amr = z
  .array(z.string())
  .meta({ description: 'The methods of authentication (RFC 8176), as `amr` of an ID token.', examples: [['pwd']] });

export const username = text(320).meta({ description: 'What was typed as the username.', examples: ['alice'] });

export const operation = z
  .string()
  .meta({ description: 'The operation that was called, by its `operationId`.', examples: ['accounts.list'] });

/** Beyond ten a minute per tenant, reason and network, refusals are counted and told once a minute. */
export const refusalSummary = z.object({
  count: z
    .int()
    .positive()
    .meta({ description: 'How many, beyond the ten that were recorded one by one. Exact.', examples: [412] }),
  from: z.string().meta({ description: 'When the minute began.', examples: ['2026-11-26T12:00:00.000Z'] }),
  to: z.string().meta({ description: 'When the last of them was refused.', examples: ['2026-11-26T12:00:59.118Z'] }),
});
