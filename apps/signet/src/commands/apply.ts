import { showId } from '@signet/contracts';
import { Hasher, readKeyring } from '@signet/service';
import { command, required } from '../command.js';
import { applyConfiguration } from '../configuration/apply.js';
import { loadSignetFile } from '../configuration/load.js';
import { asOperator } from '../operator.js';

export const apply = command({
  words: ['apply'],
  summary:
    'Applies a signet.yaml to running services. What is already so is left alone; an interrupted plan is resumed by a repeat.',
  usage: '[--config FILE]',
  options: { config: { type: 'string' } },
  run: async ({ config }, context) => {
    const issuer = required(context, 'SIGNET_ISSUER', 'the base URL, issuer of the default tenant');
    const { file } = await loadSignetFile(config, context.environment, issuer);
    const keyring = readKeyring(required(context, 'SIGNET_KEYRING', 'the keyring, a file or a directory'));
    const hasher = new Hasher();
    try {
      const applied = await asOperator(context, (requester) =>
        applyConfiguration(file, { requester, hasher, keyring, issuer }),
      );
      context.out(`plan ${showId('pln', applied.planId)}: ${applied.changes} changes`);
    } finally {
      await hasher.end();
    }
  },
});
