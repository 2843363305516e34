import { accountOperations, declareAccount, identifierKey, type shownAccount } from '@signet/contracts';
import { Operates, Operations, type Answer, type Input } from '@signet/service';
import type { z } from 'zod';
import { AccountChanges } from './account-changes.js';
import { DirectoryWrites } from './directory-writes.js';
import { made, ObjectReads, written } from './object-reads.js';
import { writableOf } from './shown-objects.js';
import { ensureMayAssign, reachOf } from './write-authority.js';
import { nameTaken } from './write-faults.js';

type Shown = z.output<typeof shownAccount>;
const kind = 'users';
const of = accountOperations;

/** `/admin/v1/accounts` */
@Operations()
export class AccountOperations {
  constructor(
    private readonly reads: ObjectReads,
    private readonly writes: DirectoryWrites,
    private readonly accounts: AccountChanges,
  ) {}

  @Operates(of.list)
  list({ caller, page, query }: Input<typeof of.list>): Promise<Answer<{ items: Shown[] }>> {
    const { username, email, enabled, group, organisation } = query;
    return this.reads.list(kind, caller, page, {
      ...{ email, enabled, group, organisation },
      username: username === undefined ? undefined : identifierKey(username),
      ...reachOf(caller),
    });
  }

  @Operates(of.read)
  read({ caller, parameters }: Input<typeof of.read>): Promise<Answer<Shown>> {
    return this.reads.read(kind, caller, parameters.account_id, reachOf(caller));
  }

  @Operates(of.create)
  create({ caller, body, once }: Input<typeof of.create>): Promise<Answer<Shown>> {
    const account = declareAccount(body);
    const key = identifierKey(account.username);
    return this.writes.run(caller, once, async (writing) => {
      await this.writes.declare(writing, { users: [account] }, (stored) => {
        // A deleted account's, too, and an erased one's.
        if (stored.accounts.has(key)) throw nameTaken('username');
        ensureMayAssign(caller, stored, account);
      });
      return made(writing, kind, { username: key });
    });
  }

  @Operates(of.update)
  update(input: Input<typeof of.update>): Promise<Answer<Shown>> {
    const { caller, parameters, precondition, patched, once } = input;
    return this.writes.run(caller, once, async (writing) => {
      const { account_id: account } = parameters;
      const wanted = ({ object }: { object: unknown }) =>
        declareAccount(patched(writableOf(kind, object) as z.input<typeof of.update.patch>));
      await this.accounts.change(writing, caller, account, wanted, precondition);
      return written(writing, kind, account);
    });
  }

  @Operates(of.remove)
  remove({ caller, parameters, precondition, once }: Input<typeof of.remove>): Promise<Answer<undefined>> {
    return this.writes.run(caller, once, async (writing) => {
      await this.accounts.remove(writing, caller, parameters.account_id, precondition);
      return { body: undefined };
    });
  }

  @Operates(of.restore)
  restore({ caller, parameters, precondition, once }: Input<typeof of.restore>): Promise<Answer<Shown>> {
    return this.writes.run(caller, once, async (writing) => {
      await this.accounts.restore(writing, parameters.account_id, precondition);
      return written(writing, kind, parameters.account_id);
    });
  }

  @Operates(of.erase)
  erase({ caller, parameters, precondition, once }: Input<typeof of.erase>): Promise<Answer<undefined>> {
    return this.writes.run(caller, once, async (writing) => {
      await this.accounts.erase(writing, parameters.account_id, precondition);
      return { body: undefined };
    });
  }
}
