import type { PrunableKind, TenantId } from '@signet/contracts';
import type { Transaction } from '@signet/persistence';
import type { ChangeLog } from '../changes/change-log.js';
import { bumpCatalogue } from '../changes/change-statements.js';
import { removableKinds } from './removable-kinds.js';
import { findReferences, lockRemovable, removeObjects, type Reference } from './removal-statements.js';

export interface Removal {
  /** Ids of what is gone. */
  readonly removed: readonly string[];
  /** What stays, because it is referred to. */
  readonly inUse: readonly Reference[];
}

/**
 * Deletes those of the objects that nothing refers to, and tells of each in the log. Ids that the tenant does not have are in neither list.
 * What is Signet's own is never deleted. Does not check who asks.
 */
export async function remove(
  tx: Pick<Transaction, 'execute'>,
  log: Pick<ChangeLog, 'deleted' | 'authorityChanged'>,
  kind: PrunableKind,
  tenantId: TenantId,
  ids: readonly string[],
): Promise<Removal> {
  const locked = await tx.execute(lockRemovable[kind], { tenantId, ids });
  if (locked.length === 0) return { removed: [], inUse: [] };
  const inUse = await tx.execute(findReferences[kind], { tenantId, ids });
  const kept = new Set(inUse.map(({ id }) => id));
  const free = locked.flatMap(({ id }) => (kept.has(id) ? [] : [id]));
  if (free.length === 0) return { removed: [], inUse };
  const { kind: subject, inCatalogue, givesToMany } = removableKinds[kind];
  const removed = await tx.execute(removeObjects[kind], { tenantId, ids: free });
  for (const { id, version, view } of removed) log.deleted({ kind: subject, tenantId, id }, version, view);
  if (givesToMany) log.authorityChanged(tenantId);
  if (inCatalogue) await tx.execute(bumpCatalogue, { tenantId });
  return { removed: removed.map(({ id }) => id), inUse };
}
