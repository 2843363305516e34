import {
  accountId,
  identifierKey,
  newId,
  type AccountId,
  type DeclaredTenant,
  type DeclaredUser,
  type StoredClaims,
  type TenantId,
} from '@signet/contracts';
import { randomText, systemRandom } from '@signet/keys';
import type { EntityTransaction } from '@signet/persistence';
import { lockMembersOf, readAuthority } from '../../accounts/account-statements.js';
import { accountEntity, accountIdentifierEntity, type AccountRow } from '../../store/account-entities.js';
import type { ChangeLog } from '../change-log.js';
import { difference, type View } from '../difference.js';
import type { StoredTenant } from '../stored-state.js';
import { assign, type Authority } from './assign.js';
import { groupsWithOtherRoles, type AuthorityIds } from './reconcile-groups.js';

/** Bytes: the subject that clients see is random, never reused and never the id. */
const subLength = 16;

/** Accounts whose groups or roles a configuration may change, as they were before; the rows are locked. */
export interface AffectedAccounts {
  /** Versions of members that no configuration names, of groups whose roles change. */
  readonly members: ReadonlyMap<AccountId, number>;
  readonly before: ReadonlyMap<AccountId, Authority>;
}

export async function lockAffected(
  tx: EntityTransaction,
  tenantId: TenantId,
  declared: DeclaredTenant,
  stored: StoredTenant | undefined,
): Promise<AffectedAccounts> {
  const named = [...(stored?.accounts.values() ?? [])].map((account) => account.accountId);
  const groupIds = groupsWithOtherRoles(declared, stored);
  const members = groupIds.length > 0 ? await tx.execute(lockMembersOf, { tenantId, groupIds }) : [];
  const others = new Map(members.map((member) => [member.accountId, member.version]));
  const before = await authorityOf(tx, tenantId, [...named, ...others.keys()]);
  for (const id of named) others.delete(id);
  return { members: others, before };
}

/** Creates and changes the declared users, and tells of the members whose roles their groups changed. Gives the accounts' ids. */
export async function reconcileAccounts(
  tx: EntityTransaction,
  log: ChangeLog,
  tenantId: TenantId,
  users: readonly DeclaredUser[],
  stored: StoredTenant | undefined,
  ids: AuthorityIds,
  affected: AffectedAccounts,
): Promise<{ username: string; accountId: AccountId }[]> {
  const declared = users.map((user) => ({ user, row: stored?.accounts.get(identifierKey(user.username))?.row }));
  const created = await createAccounts(
    tx,
    tenantId,
    declared.flatMap(({ user, row }) => (row ? [] : [user])),
  );
  const rowOf = ({ user, row }: (typeof declared)[number]): AccountRow | undefined => row ?? created.get(user);
  for (const each of declared) {
    const row = rowOf(each);
    if (row) await assign(tx, tenantId, row.id, each.user, affected.before.get(row.id), ids);
  }
  const all = [...declared.flatMap((each) => rowOf(each)?.id ?? []), ...affected.members.keys()];
  const after = await authorityOf(tx, tenantId, all);

  for (const { user, row } of declared) {
    const id = row?.id ?? created.get(user)?.id;
    if (id === undefined) continue;
    const subject = { kind: 'account', tenantId, id } as const;
    const status = user.enabled ? 'active' : 'disabled';
    const wanted = view({ ...user, status }, after.get(id));
    if (!row) {
      log.created(subject, wanted, personal(wanted));
      continue;
    }
    const known = view(row, affected.before.get(id));
    const change = difference(known, wanted, personal({ ...known, ...wanted }));
    if (!change) continue;
    const version = log.updated(subject, row.version, change, row.status === 'active' && status === 'disabled');
    const { username, claims } = user;
    await tx.manager.update(accountEntity, { tenantId, id }, { username, claims: { ...claims }, status, version });
    const key = { tenantId, identifierKey: identifierKey(username) };
    if (username !== row.username) await tx.manager.update(accountIdentifierEntity, key, { displayed: username });
  }
  for (const [id, known] of affected.members) {
    const change = difference(authorityView(affected.before.get(id)), authorityView(after.get(id)));
    if (!change) continue;
    const version = log.updated({ kind: 'account', tenantId, id }, known, change, false);
    await tx.manager.update(accountEntity, { tenantId, id }, { version });
  }
  return declared.flatMap((each) => {
    const row = rowOf(each);
    return row ? [{ username: each.user.username, accountId: row.id }] : [];
  });
}

async function createAccounts(
  tx: EntityTransaction,
  tenantId: TenantId,
  users: readonly DeclaredUser[],
): Promise<Map<DeclaredUser, AccountRow>> {
  const rows = new Map(users.map((user) => [user, newRow(tenantId, user)]));
  if (rows.size === 0) return rows;
  await tx.manager.insert(accountEntity, [...rows.values()]);
  await tx.manager.insert(
    accountIdentifierEntity,
    [...rows.values()].map(({ id, username }) => ({
      tenantId,
      identifierKey: identifierKey(username),
      accountId: id,
      kind: 'username' as const,
      displayed: username,
    })),
  );
  return rows;
}

function newRow(tenantId: TenantId, { username, claims, enabled }: DeclaredUser): AccountRow {
  const sub = randomText(systemRandom, subLength);
  const status = enabled ? 'active' : 'disabled';
  return { tenantId, id: newId(accountId), sub, status, username, claims, version: 1, deletedAt: null };
}

async function authorityOf(
  tx: EntityTransaction,
  tenantId: TenantId,
  accountIds: readonly AccountId[],
): Promise<Map<AccountId, Authority>> {
  if (accountIds.length === 0) return new Map();
  const rows = await tx.execute(readAuthority, { tenantId, accountIds });
  return new Map(rows.map((row) => [row.accountId, row]));
}

const authorityView = (authority: Authority | undefined): View => ({
  groups: authority?.groups ?? [],
  roles: authority?.ownRoles ?? [],
  effectiveRoles: authority?.roles ?? [],
});

function view(
  account: { username: string; status: string; claims: StoredClaims },
  authority: Authority | undefined,
): View {
  const claims: View = Object.fromEntries(
    Object.entries(account.claims).map(([name, value]) => [`claims.${name}`, value] as const),
  );
  return { username: account.username, status: account.status, ...authorityView(authority), ...claims };
}

/** Who somebody is, is never in a leaf: it could not be erased. */
const personal = (shown: View): string[] =>
  Object.keys(shown).filter((member) => member === 'username' || member.startsWith('claims.'));
