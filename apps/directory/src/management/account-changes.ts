import { storedObjects, type AccountId } from '@signet/contracts';
import type { Authorities } from '@signet/service';
import { type Caller, type Input } from '@signet/service';
import type { DeclaredObject, DirectoryWrites, Writing } from './directory-writes.js';
import type { StoredObject } from './object-statements.js';
import { ensureCovers, ensureMayAssign, reachOf } from './write-authority.js';

type Precondition = Input<never>['precondition'];
export type StoredAccount = Omit<DeclaredObject<'users'>, never>;

export const accountIn = ({ object }: Pick<StoredObject, 'object'>): StoredAccount =>
  storedObjects.users.element.parse(object);

/** Changes of an account that is there, by whichever collection they come. */
export class AccountChanges {
  constructor(
    private readonly writes: DirectoryWrites,
    private readonly authorities: Authorities,
  ) {}

  /** `wanted`: what it becomes of what it is. Throws ManagementProblem, 404 where the caller does not reach it. */
  async change(
    writing: Writing,
    caller: Caller,
    account: AccountId,
    wanted: (stored: StoredObject) => StoredAccount,
    precondition?: Precondition,
  ): Promise<void> {
    const stored = await this.writes.find(writing, 'users', account, reachOf(caller));
    precondition?.ensure(stored.version);
    ensureCovers(caller, await this.authorities.of({ tenantId: writing.tenantId, accountId: account }));
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
  }
}
