import { z } from 'zod';
import { keyAlgorithmSchema } from '../token/keys.js';
import { listOf, listQuery, queryBoolean } from './lists.js';
import { operation } from './operation.js';

const kid = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** A key of the tenant, without its halves: the public one is at /jwks. */
export const shownKey = z
  .strictObject({
    kid,
    alg: keyAlgorithmSchema,
    use: z.enum(['sig', 'enc']),
    created_at: z.iso.datetime(),
    used_from: z.iso.datetime().describe('Before, it is published alone.'),
    published: z.boolean().describe('It is in /jwks.'),
    in_use: z.boolean().describe('It is what signs, or what clients encrypt with, now.'),
    compromised_at: z.iso
      .datetime()
      .nullable()
      .describe('Since then nobody uses it, and what it signed is good for nothing.'),
  })
  .meta({ id: 'Key' });
export type ShownKey = z.infer<typeof shownKey>;

const about = { service: 'token', collection: 'keys' } as const;

export const keyOperations = {
  list: operation({
    ...about,
    id: 'listKeys',
    method: 'GET',
    path: '/keys',
    permission: 'keys:read',
    summary: 'List keys',
    description: 'Every key that the tenant ever had, by algorithm, the oldest first.',
    query: listQuery({ alg: keyAlgorithmSchema.optional(), published: queryBoolean.optional() }),
    paged: true,
    response: { schema: listOf(shownKey) },
  }),

  read: operation({
    ...about,
    id: 'readKey',
    method: 'GET',
    path: '/keys/{kid}',
    permission: 'keys:read',
    summary: 'Read a key',
    parameters: z.strictObject({ kid }),
    response: { schema: shownKey },
  }),

  rotate: operation({
    ...about,
    id: 'rotateKey',
    method: 'POST',
    path: '/keys',
    permission: 'keys:write',
    summary: 'Rotate a key',
    description:
      'Makes the next key of an algorithm. It is published at once and used ten minutes later, when nobody can have a copy of /jwks without it.',
    body: z.strictObject({
      alg: keyAlgorithmSchema,
      immediately: z.boolean().default(false).describe('Used at once: for a key that has become known.'),
    }),
    response: { schema: shownKey },
    problems: ['conflict'],
  }),

  retire: operation({
    ...about,
    id: 'retireKey',
    method: 'POST',
    path: '/keys/{kid}/retire',
    permission: 'keys:write',
    summary: 'Retire a key',
    description:
      'Has the key be replaced as a rotation does, if it is not; it stays published until nothing that it signed can be alive. Where it is compromised, it leaves /jwks at once, its private half is erased, a new key is used in its place, and Signet takes nothing any more that it signed; resource servers must read /jwks anew. A repeat changes nothing.',
    parameters: z.strictObject({ kid }),
    body: z.strictObject({
      compromised: z.boolean().default(false).describe('It has become known to others.'),
      reason: z.string().min(1).max(100).default('requested').describe('For the audit log.'),
    }),
    response: { schema: shownKey },
    problems: ['conflict'],
  }),
} as const;
