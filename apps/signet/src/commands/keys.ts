import { findTenant, keyAlgorithmSchema, listKeys, retireKey, rfc3339, rotateKeys } from '@signet/contracts';
import { keyEncryptionAlgorithms, signingAlgorithms } from '@signet/protocol';
import { command, CommandFailed } from '../command.js';
import { asOperator } from '../operator.js';

const tenant = { type: 'string', default: 'default' } as const;

const algorithms = [...signingAlgorithms, ...keyEncryptionAlgorithms];

export const keysList = command({
  words: ['keys', 'list'],
  summary:
    "Lists a tenant's keys: kid, algorithm, when it was made and is used from, whether it is in use or published, and when the next is made.",
  usage: '[--tenant SLUG]',
  options: { tenant },
  run: async ({ tenant: slug }, context) => {
    const { keys } = await asOperator(context, async (requester) => {
      const { id } = await requester.request(findTenant, { slug });
      return requester.request(listKeys, { tenantId: id });
    });
    for (const { kid, alg, createdAt, usedFrom, inUse, published, compromisedAt, nextMadeAt } of keys) {
      const otherwise = compromisedAt === undefined ? 'withdrawn' : `compromised ${rfc3339(compromisedAt)}`;
      const state = inUse ? 'in use' : published ? 'published' : otherwise;
      const next = nextMadeAt === undefined ? '' : `  the next is made ${rfc3339(nextMadeAt)}`;
      context.out(`${kid}  ${alg}  made ${rfc3339(createdAt)}  used from ${rfc3339(usedFrom)}  ${state}${next}`);
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

export const keysRetire = command({
  words: ['keys', 'retire'],
  summary:
    'Has a key be replaced. With --compromised at once: it leaves /jwks, and nothing that it signed is taken any more.',
  usage: 'KID [--tenant SLUG] [--compromised] [--reason TEXT] [--yes]',
  options: {
    tenant,
    compromised: { type: 'boolean', default: false },
    reason: { type: 'string' },
    yes: { type: 'boolean', default: false },
  },
  argument: 'kid',
  run: async ({ tenant: slug, compromised, reason, yes }, context, kid) => {
    const why = reason ?? (compromised ? 'compromised' : 'requested');
    if (why.length === 0 || why.length > 100) throw new CommandFailed('--reason has 1 to 100 characters');
    if (compromised && !yes) {
      const answer = await context.ask?.(`Whatever ${kid} has signed is refused from now on. Type the kid to go on: `);
      if (answer?.trim() !== kid) throw new CommandFailed('nothing was done; --yes says so beforehand');
    }
    const retired = await asOperator(context, async (requester) => {
      const { id: tenantId } = await requester.request(findTenant, { slug });
      return requester.request(retireKey, { tenantId, kid, compromised, reason: why });
    });
    const { alg, successor, successorUsedFrom, publishedUntil, cachedFor } = retired;
    if (!compromised) {
      context.out(`${successor} replaces it for ${alg} from ${rfc3339(successorUsedFrom)}`);
      context.out(`it leaves /jwks at ${rfc3339(publishedUntil)}`);
      return;
    }
    context.out(`out of use; ${successor} is what counts for ${alg} now`);
    context.out('Signet takes nothing any more that it signed. Those that verify tokens themselves must do the rest:');
    context.out(`  have every resource server and client read /jwks anew; one that keeps it may take forgeries for`);
    context.out(`  ${cachedFor} seconds more by Cache-Control, and longer where it does not heed that`);
  },
});
