import { storedObjects, type AccountId } from '@signet/contracts';
import { ManagementProblem, nothingThere, type Caller, type Input } from '@signet/service';
import { deleteAccount, eraseAccount, restoreAccount } from '../accounts/lifecycle/account-lifecycle.js';
import { lockAccount } from '../accounts/lifecycle/lifecycle-statements.js';
import type { DeclaredObject, DirectoryWrites, Writing } from './directory-writes.js';
import type { StoredObject } from './object-statements.js';
import { ensureCoversAccount, ensureMayAssign, reachOf } from './write-authority.js';

type Precondition = Input<never>['precondition'];
export type StoredAccount = DeclaredObject<'users'>;

export const accountIn = ({ object }: Pick<StoredObject, 'object'>): StoredAccount =>
  storedObjects.users.element.parse(object);

/** Changes of an account that is there, by whichever collection they come. */
export class AccountChanges {
  constructor(private readonly writes: DirectoryWrites) {}

  /** Deletes it; throws as `change`. */
  async remove(writing: Writing, caller: Caller, account: AccountId, precondition: Precondition): Promise<void> {
    precondition.ensure((await this.writes.find(writing, 'users', account, reachOf(caller))).version);
    await ensureCoversAccount(writing, account);
    await deleteAccount(writing, { tenantId: writing.tenantId, accountId: account });
  }

  async restore(writing: Writing, account: AccountId, precondition: Precondition): Promise<void> {
    const key = { tenantId: writing.tenantId, accountId: account };
    await this.#ensure(writing, account, precondition);
    const { outcome } = await restoreAccount(writing, key);
    if (outcome === 'not_found') throw nothingThere();
    if (outcome === 'not_deleted') throw new ManagementProblem('not-restorable', 'It is not deleted');
    if (outcome === 'over') throw new ManagementProblem('not-restorable', 'The time in which it could be is over');
  }

  /** Whether it is deleted already or not. Throws as `change`. */
  async erase(writing: Writing, account: AccountId, precondition: Precondition): Promise<void> {
    const key = { tenantId: writing.tenantId, accountId: account };
    await this.#ensure(writing, account, precondition);
    await ensureCoversAccount(writing, account);
    await eraseAccount(writing, key);
  }

  /** A deleted account has a version, too; an erased one is nobody. */
  async #ensure({ tx, tenantId }: Writing, accountId: AccountId, precondition: Precondition): Promise<void> {
    const known = await tx.first(lockAccount, { tenantId, accountId });
    if (!known || known.erased) throw nothingThere();
    precondition.ensure(known.version);
  }

  /** Gives what it becomes of what it is, by `wanted`. Throws ManagementProblem, 404 where the caller does not reach it. */
  async change(
    writing: Writing,
    caller: Caller,
    account: AccountId,
    wanted: (stored: StoredObject) => StoredAccount,
    precondition?: Precondition,
  ): Promise<StoredAccount> {
    const stored = await this.writes.find(writing, 'users', account, reachOf(caller));
    precondition?.ensure(stored.version);
    await ensureCoversAccount(writing, account);
    const before = accountIn(stored);
    const after = wanted(stored);
    await this.writes.declare(
      writing,
      { users: [after] },
      (around) => {
        ensureMayAssign(caller, around, after, before);
      },
      { account },
    );
    return after;
  }
}
