import type { Floor } from '@signet/contracts';
import type { Transaction } from '@signet/persistence';
import type { ChangeLog } from './change-log.js';
import { bumpAuthority, recordChanges } from './change-statements.js';

export interface Floors {
  /** In the transaction of the change. */
  add(tx: Pick<Transaction, 'execute'>, floors: readonly Floor[]): Promise<void>;
  /** After its commit. Throws where they are not confirmed. */
  raise(raiseIds: readonly string[]): Promise<void>;
}

/** Writes what a transaction has changed into it: events, and the floors that are to be raised when it is committed. */
export async function settle(
  tx: Pick<Transaction, 'execute' | 'first'>,
  log: ChangeLog,
  floors: Pick<Floors, 'add'>,
): Promise<void> {
  if (log.events.length === 0) return;
  const raised: Floor[] = [...log.floors];
  for (const [tenantId, raiseId] of log.authority) {
    const bumped = await tx.first(bumpAuthority, { tenantId });
    if (!bumped) throw new TypeError('A tenant that is not there has no roles.');
    raised.push({ kind: 'authority_version', tenantId, raiseId, reason: 'authority_changed', version: bumped.version });
  }
  await tx.execute(recordChanges, log.events);
  await floors.add(tx, raised);
}
