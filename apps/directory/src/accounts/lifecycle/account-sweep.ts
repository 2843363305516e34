import type { EventContext } from '@signet/contracts';
import type { Database } from '@signet/persistence';
import type { DirectoryChanges } from '../../changes/directory-changes.js';
import { eraseAccount } from './account-lifecycle.js';
import { findDue, lockAccount } from './lifecycle-statements.js';

const batch = 100;
const context: EventContext = { actor: 'service:directory' };

/** Erases the accounts whose grace period is over, one transaction each; one that was restored meanwhile stays, and one that fails keeps back no other. */
export async function eraseDue(
  database: Pick<Database, 'execute'>,
  changes: Pick<DirectoryChanges, 'run'>,
): Promise<void> {
  for (;;) {
    const due = await database.execute(findDue, { limit: batch });
    const results = [];
    for (const key of due) {
      const erasure = changes.run({ tenantId: key.tenantId, context }, async (change) => {
        const known = await change.tx.first(lockAccount, key);
        if (known?.deleted === true && !known.restorable) await eraseAccount(change, key);
      });
      results.push(...(await Promise.allSettled([erasure])));
    }
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    if (due.length < batch) return;
  }
}
