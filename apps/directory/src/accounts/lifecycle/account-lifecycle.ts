import { accountKeepers, deletedAccountGrace } from '@signet/contracts';
import type { Change } from '../../changes/directory-changes.js';
import { readAssignments } from '../account-statements.js';
import { viewOfAccount } from '../account-view.js';
import {
  eraseAccountRow,
  lockAccount,
  markDeleted,
  markRestored,
  type AccountKey,
  type LivingAccount,
} from './lifecycle-statements.js';

/**
 * What became of an account:
 *
 *     active, disabled ──delete──▶ deleted ──grace period, or at once──▶ erased
 *              ◀──restore──┘
 *
 * `unchanged`: it was so already. `not_deleted`, `over`: it cannot be restored, since it was never deleted or its grace period has passed.
 */
export type LifeOutcome =
  | { readonly outcome: 'changed' | 'unchanged'; readonly version: number }
  | { readonly outcome: 'not_found' | 'not_deleted' | 'over' };

type InTransaction = Pick<Change, 'tx' | 'log'>;

const subjectOf = ({ tenantId, accountId }: AccountKey) => ({ kind: 'account' as const, tenantId, id: accountId });

/** It signs in nowhere any more, and everything of it ends. In one transaction with its events and floors; does not check who asks. */
export async function deleteAccount(change: InTransaction, key: AccountKey): Promise<LifeOutcome> {
  const known = await change.tx.first(lockAccount, key);
  if (!known || known.erased) return { outcome: 'not_found' };
  if (known.deleted) return { outcome: 'unchanged', version: known.version };
  const version = await logDeletion(change, key, known);
  await change.tx.execute(markDeleted, { ...key, version, graceByDefault: deletedAccountGrace });
  return { outcome: 'changed', version };
}

/** As it was, with the status that it had, but that everything of before has ended: it signs in anew. */
export async function restoreAccount({ tx, log }: InTransaction, key: AccountKey): Promise<LifeOutcome> {
  const known = await tx.first(lockAccount, key);
  if (!known || known.erased) return { outcome: 'not_found' };
  if (!known.deleted) return { outcome: 'not_deleted' };
  if (!known.restorable) return { outcome: 'over' };
  const version = log.restored(subjectOf(key), known.version);
  await tx.execute(markRestored, { ...key, version });
  return { outcome: 'changed', version };
}

/** At once, whatever is left of its grace period. Each keeper is told afterwards until it has answered (docs/erasure.md). */
export async function eraseAccount(change: InTransaction, key: AccountKey): Promise<LifeOutcome> {
  const { tx, log } = change;
  const known = await tx.first(lockAccount, key);
  if (!known) return { outcome: 'not_found' };
  if (known.erased) return { outcome: 'unchanged', version: known.version };
  const deleted = known.deleted ? known.version : await logDeletion(change, key, known);
  const { version, raiseId } = log.erased(subjectOf(key), deleted);
  await tx.execute(eraseAccountRow, { ...key, version, raiseId, keepers: accountKeepers });
  return { outcome: 'changed', version };
}

async function logDeletion({ tx, log }: InTransaction, key: AccountKey, known: LivingAccount): Promise<number> {
  const given = await tx.first(readAssignments, { tenantId: key.tenantId, accountIds: [key.accountId] });
  const { groups = [], roles = [], organisations = [] } = given ?? {};
  // Nothing personal is told, so nothing personal is read.
  const nobody = { username: '', claims: {}, attributes: {} };
  const view = viewOfAccount({ ...nobody, status: known.status, groups, roles, organisations });
  return log.deleted(subjectOf(key), known.version, view, ['username']);
}
