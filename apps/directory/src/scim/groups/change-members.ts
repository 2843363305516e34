import { isManagementPermission } from '@signet/contracts';
import type { Transaction } from '@signet/persistence';
import { mayGive } from '@signet/service';
import { deepestNesting } from '../../configuration/faults/nesting-faults.js';
import type { ScimContext } from '../scim-context.js';
import { invalid, ScimError } from '../scim-error.js';
import type { GroupKey } from './group-statements.js';
import { isGroup, mostMembers, uuidOf, type MemberChange } from './member-change.js';
import {
  addAccounts,
  addGroups,
  countMembers,
  findGiven,
  findNesting,
  lockNesting,
  removeMembers,
  removeOthers,
} from './member-statements.js';

export interface MembersChanged {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** Changes what was asked for and no more, whatever the size of the group. Throws ScimError. */
export async function changeMembers(
  tx: Transaction,
  key: GroupKey,
  { replaces, added, removed }: MemberChange,
  { held }: Pick<ScimContext, 'held'>,
): Promise<MembersChanged> {
  const groups = uuidsOf([...added].filter(isGroup));
  const accounts = uuidsOf([...added].filter((id) => !isGroup(id)));
  const gone = await takeAway(tx, key, { replaces, removed }, [...groups, ...accounts]);
  if (groups.length > 0) await assertNests(tx, key, groups);
  const come = [
    accounts.length > 0 ? await tx.first(addAccounts, { ...key, ids: accounts }) : undefined,
    groups.length > 0 ? await tx.first(addGroups, { ...key, ids: groups }) : undefined,
  ];
  const unknown = come.flatMap((part) => part?.unknown ?? []);
  if (unknown.length > 0) {
    throw invalid('invalidValue', `${unknown.length} of the members are no account and no group of this tenant`);
  }
  const joined = come.flatMap((part) => part?.added ?? []);
  if (joined.length > 0) await assertMayGive(tx, key, held);
  return { added: joined, removed: gone };
}

async function takeAway(
  tx: Transaction,
  key: GroupKey,
  { replaces, removed }: Pick<MemberChange, 'replaces' | 'removed'>,
  staying: readonly string[],
): Promise<readonly string[]> {
  if (!replaces && removed.size === 0) return [];
  if (replaces) await assertFew(tx, key);
  const gone = replaces
    ? await tx.first(removeOthers, { ...key, ids: staying })
    : await tx.first(removeMembers, { ...key, ids: uuidsOf([...removed]) });
  return gone?.removed ?? [];
}

const uuidsOf = (members: readonly string[]): string[] => members.flatMap((id) => uuidOf(id) ?? []);

/** A group whose members nobody can be asked to name in one request is changed member by member. */
export async function assertFew(tx: Pick<Transaction, 'first'>, key: GroupKey): Promise<void> {
  const counted = await tx.first(countMembers, { ...key, most: mostMembers });
  if (counted && counted.members > mostMembers) {
    throw invalid('tooMany', `The group has more than ${mostMembers} members: add and remove single ones by PATCH`);
  }
}

async function assertNests(tx: Transaction, key: GroupKey, ids: readonly string[]): Promise<void> {
  await tx.execute(lockNesting, { tenantId: key.tenantId });
  const nesting = await tx.first(findNesting, { ...key, ids });
  if (nesting?.isCircle) throw invalid('invalidValue', 'A group would be a member of itself');
  if (nesting && nesting.depth > deepestNesting) {
    throw invalid('invalidValue', `Groups would nest deeper than ${deepestNesting}`);
  }
}

/** Nobody gives what he does not have: a group whose roles administer Signet is filled by those who may do that. */
async function assertMayGive(tx: Transaction, key: GroupKey, held: ScimContext['held']): Promise<void> {
  const given = await tx.first(findGiven, key);
  const permissions = given?.permissions.filter(isManagementPermission) ?? [];
  if (mayGive({ held }, permissions, null)) return;
  throw new ScimError(403, undefined, 'Members of this group may administer more than you may');
}
