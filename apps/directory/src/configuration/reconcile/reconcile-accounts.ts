import { accountId, identifierKey, newId, type AccountId, type DeclaredUser, type TenantId } from '@signet/contracts';
import { randomText, systemRandom } from '@signet/keys';
import type { EntityTransaction } from '@signet/persistence';
import { readAssignments, type Assignments } from '../../accounts/account-statements.js';
import { personalMembers, viewOfAccount } from '../../accounts/account-view.js';
import { subLength } from '../../accounts/new-account.js';
import type { ChangeLog } from '../../changes/change-log.js';
import { difference } from '../../changes/difference.js';
import { accountEntity, accountIdentifierEntity, type AccountRow } from '../../store/account-entities.js';
import type { StoredTenant } from '../stored-state.js';
import { assign } from './assign.js';
import type { AuthorityIds } from './reconcile-groups.js';

/** Creates and changes the declared users, with what is given to them. Gives the accounts' ids. */
export async function reconcileAccounts(
  tx: EntityTransaction,
  log: ChangeLog,
  tenantId: TenantId,
  users: readonly DeclaredUser[],
  stored: StoredTenant,
  ids: AuthorityIds,
): Promise<{ username: string; accountId: AccountId }[]> {
  const known = users.map((user) => ({ user, row: stored.accounts.get(identifierKey(user.username))?.row }));
  const before = await assignmentsOf(
    tx,
    tenantId,
    known.flatMap(({ row }) => row?.id ?? []),
  );
  const created = known.flatMap(({ user, row }) => (row ? [] : [{ user, row: newRow(tenantId, user) }]));
  await insertAccounts(
    tx,
    created.map(({ row }) => row),
  );
  for (const { user, row } of created) {
    await assign(tx, { tenantId, accountId: row.id }, user, undefined, ids);
    const view = viewOfAccount({ ...user, status: row.status });
    log.created({ kind: 'account', tenantId, id: row.id }, view, personalMembers(view));
  }
  for (const { user, row } of known) {
    if (row) await reconcileAccount(tx, log, row, before.get(row.id), user, ids);
  }
  const rowOf = new Map([...known, ...created].flatMap(({ user, row }) => (row ? [[user, row] as const] : [])));
  return users.flatMap((user) => {
    const row = rowOf.get(user);
    return row ? [{ username: user.username, accountId: row.id }] : [];
  });
}

async function reconcileAccount(
  tx: EntityTransaction,
  log: ChangeLog,
  row: AccountRow,
  before: Assignments | undefined,
  user: DeclaredUser,
  ids: AuthorityIds,
): Promise<void> {
  const { tenantId, id } = row;
  const status = user.enabled ? 'active' : 'disabled';
  const stored = viewOfAccount({ ...(before ?? { groups: [], roles: [], organisations: [] }), ...row });
  const wanted = viewOfAccount({ ...user, status });
  const change = difference(stored, wanted, personalMembers(stored, wanted));
  if (!change) return;
  await assign(tx, { tenantId, accountId: id }, user, before, ids);
  const subject = { kind: 'account', tenantId, id } as const;
  const version = log.updated(subject, row.version, change, row.status === 'active' && status === 'disabled');
  const { username, claims, attributes } = user;
  const columns = { username, claims: { ...claims }, attributes: { ...attributes }, status, version } as const;
  await tx.manager.update(accountEntity, { tenantId, id }, columns);
  if (username === row.username) return;
  const key = { tenantId, identifierKey: identifierKey(row.username), accountId: id };
  const renamed = { identifierKey: identifierKey(username), displayed: username };
  await tx.manager.update(accountIdentifierEntity, key, renamed);
}

async function insertAccounts(tx: EntityTransaction, rows: readonly AccountRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.manager.insert(accountEntity, [...rows]);
  await tx.manager.insert(
    accountIdentifierEntity,
    rows.map(({ tenantId, id, username }) => ({
      tenantId,
      identifierKey: identifierKey(username),
      accountId: id,
      kind: 'username' as const,
      displayed: username,
    })),
  );
}

function newRow(tenantId: TenantId, { username, claims, attributes, enabled }: DeclaredUser): AccountRow {
  const sub = randomText(systemRandom, subLength);
  const status = enabled ? 'active' : 'disabled';
  const id = newId(accountId);
  return { tenantId, id, sub, status, username, claims, attributes, version: 1, deletedAt: null };
}

async function assignmentsOf(
  tx: EntityTransaction,
  tenantId: TenantId,
  accountIds: readonly AccountId[],
): Promise<Map<AccountId, Assignments>> {
  if (accountIds.length === 0) return new Map();
  const rows = await tx.execute(readAssignments, { tenantId, accountIds });
  return new Map(rows.map((row) => [row.accountId, row]));
}
