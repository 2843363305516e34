import { showId } from '@signet/contracts';
import { Hasher } from '@signet/service';
import { command, CommandFailed } from '../command.js';
import { applyConfiguration } from '../configuration/apply.js';
import { linesOf } from '../configuration/show-plan.js';
import { asOperator } from '../operator.js';
import { plannedFile } from './plan.js';

/** More deletions than a slip should make. */
const mostDeleted = 10;

export const apply = command({
  words: ['apply'],
  summary:
    'Applies a signet.yaml to running services. What is already so is left alone; what the file does not name is, too, unless --prune; an interrupted plan is resumed by a repeat. Asks first on a terminal, unless --yes.',
  usage: '[--config FILE] [--prune] [--yes]',
  options: { config: { type: 'string' }, prune: { type: 'boolean' }, yes: { type: 'boolean', default: false } },
  run: async ({ yes, ...options }, context) => {
    const { file, issuer, keyring, prune, plan } = await plannedFile(options, context);
    if (plan.changes.length > 0) {
      for (const line of linesOf(plan, { colour: context.colour ?? false })) context.out(line);
      const deleted = plan.changes.filter(({ action }) => action === 'delete').length;
      if (deleted > mostDeleted && !yes) {
        throw new CommandFailed(`${deleted} objects would be deleted: say --yes to delete more than ${mostDeleted}`);
      }
      const answer = yes ? 'yes' : ((await context.ask?.('Apply this? Only "yes" does: ')) ?? 'yes');
      if (answer.trim() !== 'yes') throw new CommandFailed('nothing was applied');
    }
    const hasher = new Hasher();
    try {
      const applied = await asOperator(context, (requester) =>
        applyConfiguration(file, { requester, hasher, keyring, issuer }, prune),
      );
      context.out(`plan ${showId('pln', applied.planId)}: ${applied.changes} changes`);
    } finally {
      await hasher.end();
    }
  },
});
