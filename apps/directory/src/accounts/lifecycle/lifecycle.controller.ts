import { Controller } from '@nestjs/common';
import {
  deleteAccountByOperator,
  eraseAccountByOperator,
  identifierKey,
  restoreAccountByOperator,
  type AccountId,
} from '@signet/contracts';
import { MeshError, Serves } from '@signet/messaging';
import type { z } from 'zod';
import { DirectoryChanges, type Change } from '../../changes/directory-changes.js';
import { deleteAccount, eraseAccount, restoreAccount, type LifeOutcome } from './account-lifecycle.js';
import { findByIdentifier, type AccountKey } from './lifecycle-statements.js';

type Asked = z.output<typeof deleteAccountByOperator.request>;
type Answer = z.input<typeof deleteAccountByOperator.response>;

/** What the operator does to an account. */
@Controller()
export class LifecycleController {
  constructor(private readonly changes: DirectoryChanges) {}

  @Serves(deleteAccountByOperator)
  delete(asked: Asked): Promise<Answer> {
    return this.change(asked, deleteAccount);
  }

  @Serves(restoreAccountByOperator)
  restore(asked: Asked): Promise<Answer> {
    return this.change(asked, restoreAccount);
  }

  @Serves(eraseAccountByOperator)
  erase(asked: Asked): Promise<Answer> {
    return this.change(asked, eraseAccount);
  }

  private change(
    { tenantId, account }: Asked,
    become: (change: Change, key: AccountKey) => Promise<LifeOutcome>,
  ): Promise<Answer> {
    return this.changes.run({ tenantId, context: { actor: 'operator:accounts' } }, async (change) => {
      const accountId = await idOf(change, tenantId, account);
      const { outcome } = await become(change, { tenantId, accountId });
      switch (outcome) {
        case 'changed':
        case 'unchanged':
          return { accountId, changed: outcome === 'changed' };
        case 'not_found':
          throw new MeshError('not_found', 'there is no such account');
        case 'not_deleted':
          throw new MeshError('failed_precondition', 'the account is not deleted');
        case 'over':
          throw new MeshError('failed_precondition', 'the time in which the account could be restored is over');
      }
    });
  }
}

async function idOf({ tx }: Change, tenantId: Asked['tenantId'], account: Asked['account']): Promise<AccountId> {
  if ('accountId' in account) return account.accountId;
  const found = await tx.first(findByIdentifier, { tenantId, identifierKey: identifierKey(account.identifier) });
  if (!found) throw new MeshError('not_found', 'there is no such account');
  return found.accountId;
}
