import { findTenant } from '@signet/contracts';
import { command, required } from '../command.js';
import { asOperator } from '../operator.js';
import { makeSetupCode, setupLines } from '../setup.js';

export const setupLink = command({
  words: ['setup', 'link'],
  summary:
    'Prints where the first administrator is made, and a code for it, good once within a day; an earlier one is good no more.',
  usage: '[--tenant SLUG] [--unless-open]',
  options: {
    tenant: { type: 'string', default: 'default' },
    'unless-open': { type: 'boolean', default: false },
  },
  run: async ({ tenant: slug, 'unless-open': unlessOpen }, context) => {
    const base = required(context, 'SIGNET_ISSUER', 'the base URL, issuer of the default tenant');
    const { tenant, setup } = await asOperator(context, async (requester) => {
      const tenant = await requester.request(findTenant, { slug });
      return { tenant, setup: await makeSetupCode(requester, tenant, { unlessOpen }) };
    });
    if (setup.outcome === 'administered' && !unlessOpen) context.out('This tenant has an administrator.');
    for (const line of setupLines(base, tenant, setup)) context.out(line);
  },
});
