import {
  deleteAccountByOperator,
  eraseAccountByOperator,
  findTenant,
  restoreAccountByOperator,
  showId,
} from '@signet/contracts';
import { command, CommandFailed } from '../command.js';
import { asOperator } from '../operator.js';

type Request = typeof deleteAccountByOperator;

const accountCommand = (verb: string, did: string, summary: string, request: Request) =>
  command({
    words: ['accounts', verb],
    summary,
    usage: '--username NAME [--tenant SLUG]',
    options: { username: { type: 'string' }, tenant: { type: 'string', default: 'default' } },
    run: async ({ username: identifier, tenant: slug }, context) => {
      if (identifier === undefined) throw new CommandFailed('--username says whose account it is');
      const { accountId, changed } = await asOperator(context, async (requester) => {
        const { id: tenantId } = await requester.request(findTenant, { slug });
        return requester.request(request, { tenantId, account: { identifier } });
      });
      context.out(`${showId('acc', accountId)} ${changed ? 'is' : 'was'} ${did}`);
    },
  });

export const accountsDelete = accountCommand(
  'delete',
  'deleted',
  "Deletes an account: everything of it ends. Within the tenant's grace period it can be restored; then it is erased.",
  deleteAccountByOperator,
);

export const accountsRestore = accountCommand(
  'restore',
  'restored',
  'Restores a deleted account, which signs in anew.',
  restoreAccountByOperator,
);

export const accountsErase = accountCommand(
  'erase',
  'erased',
  'Erases an account at once and for good: nothing personal of it is kept anywhere.',
  eraseAccountByOperator,
);
