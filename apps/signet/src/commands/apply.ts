import { readFile } from 'node:fs/promises';
import { showId } from '@signet/contracts';
import { loadKeyring } from '@signet/keys';
import { Hasher } from '@signet/service';
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
    const production = new URL(issuer).protocol === 'https:' && !/(^|\.)localhost$/.test(new URL(issuer).hostname);
    const { file } = await loadSignetFile(config, context.environment, production);
    const keyringFile = required(context, 'SIGNET_KEYRING', 'the file of the keyring');
    const keyring = loadKeyring(JSON.parse(await readFile(keyringFile, 'utf8')));
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
