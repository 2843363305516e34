import type { EventContext } from '@signet/contracts';
import type { Database } from '@signet/persistence';
import type { DirectoryChanges } from '../../changes/directory-changes.js';
import { eraseAccount } from './account-lifecycle.js';
import { findDue, lockAccount } from './lifecycle-statements.js';

const batch = 100;
const context: EventContext = { actor: 'service:directory' };

/** Erases the accounts whose grace period is over, one transaction each; one that was restored meanwhile stays. */
export async function eraseDue(
  database: Pick<Database, 'execute'>,
  changes: Pick<DirectoryChanges, 'run'>,
): Promise<void> {
  for (;;) {
    const due = await database.execute(findDue, { limit: batch });
    for (const key of due) {
      await changes.run({ tenantId: key.tenantId, context }, async (change) => {
        const known = await change.tx.first(lockAccount, key);
        if (known?.deleted === true && !known.restorable) await eraseAccount(change, key);
      });
    }
    if (due.length < batch) return;
  }
}
