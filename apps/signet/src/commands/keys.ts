import { findTenant, keyAlgorithmSchema, listKeys, rfc3339, rotateKeys } from '@signet/contracts';
import { keyEncryptionAlgorithms, signingAlgorithms } from '@signet/protocol';
import { command, CommandFailed } from '../command.js';
import { asOperator } from '../operator.js';

const tenant = { type: 'string', default: 'default' } as const;

const algorithms = [...signingAlgorithms, ...keyEncryptionAlgorithms];

export const keysList = command({
  words: ['keys', 'list'],
  summary:
    "Lists a tenant's keys: kid, algorithm, when it was made and is used from, and whether it is in use or published.",
  usage: '[--tenant SLUG]',
  options: { tenant },
  run: async ({ tenant: slug }, context) => {
    const { keys } = await asOperator(context, async (requester) => {
      const { id } = await requester.request(findTenant, { slug });
      return requester.request(listKeys, { tenantId: id });
    });
    for (const { kid, alg, createdAt, usedFrom, inUse, published } of keys) {
      const state = inUse ? 'in use' : published ? 'published' : 'withdrawn';
      context.out(`${kid}  ${alg}  made ${rfc3339(createdAt)}  used from ${rfc3339(usedFrom)}  ${state}`);
    }
  },
});

export const keysRotate = command({
  words: ['keys', 'rotate'],
  summary: "Replaces a tenant's keys. The new ones are published now and used in ten minutes; with --now at once.",
  usage: `[--tenant SLUG] [--alg ${algorithms.join('|')}] [--now]`,
  options: { tenant, alg: { type: 'string' }, now: { type: 'boolean', default: false } },
  run: async ({ tenant: slug, alg, now }, context) => {
    const wanted = keyAlgorithmSchema.optional().safeParse(alg);
    if (!wanted.success) throw new CommandFailed(`--alg is one of ${algorithms.join(', ')}`);
    const { made } = await asOperator(context, async (requester) => {
      const { id } = await requester.request(findTenant, { slug });
      const { data } = wanted;
      return requester.request(rotateKeys, {
        tenantId: id,
        immediately: now,
        ...(data !== undefined && { alg: data }),
      });
    });
    context.out(`${made} ${made === 1 ? 'key' : 'keys'} made${now ? '' : '; used in ten minutes'}`);
  },
});
