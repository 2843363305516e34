import { command, required } from '../command.js';
import { allSlugs, exported } from '../configuration/export.js';
import { asOperator } from '../operator.js';

export const exportTenants = command({
  words: ['export'],
  summary:
    'Writes what the directory has as a signet.yaml that applies as no change. Secrets are references to the environment; passwords are left out.',
  usage: '[--tenant SLUG]',
  options: { tenant: { type: 'string' } },
  run: async ({ tenant }, context) => {
    const issuer = required(context, 'SIGNET_ISSUER', 'the base URL, issuer of the default tenant');
    const yaml = await asOperator(context, async (requester) =>
      exported(tenant === undefined ? await allSlugs(requester) : [tenant], issuer, requester),
    );
    context.out(yaml.trimEnd());
  },
});
