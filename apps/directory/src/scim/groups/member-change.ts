import { readId } from '@signet/contracts';
import { membersSaid } from '../filter/matches.js';
import type { PatchOperation } from '../patch/read-patch.js';
import { invalid } from '../scim-error.js';
import { shown } from '../schema/read-value.js';
import type { Resource } from '../schema/resource-type.js';

/** Of one request. */
export const mostMembers = 10_000;

/** What a request does to the members of a group: no more of them is looked at than it names. */
export interface MemberChange {
  /** Everybody else leaves. */
  readonly replaces: boolean;
  readonly added: ReadonlySet<string>;
  readonly removed: ReadonlySet<string>;
}

/** An id of an account or a group, with its prefix. */
export const isGroup = (member: string): boolean => member.startsWith('grp_');

export const uuidOf = (member: string): string | undefined => readId(isGroup(member) ? 'grp' : 'acc', member);

/** POST and PUT. */
export function membersOf(resource: Resource): MemberChange {
  return { replaces: true, added: new Set(idsOf(resource['members'])), removed: new Set() };
}

/** PATCH: the operations on members, one after the other. */
export function memberChange(operations: readonly PatchOperation[]): MemberChange {
  let replaces = false;
  let added = new Set<string>();
  let removed = new Set<string>();
  for (const operation of operations) {
    const { op } = operation;
    const ids = idsNamed(operation);
    if (op === 'replace' || (op === 'remove' && !ids)) {
      [replaces, added, removed] = [true, new Set(ids), new Set()];
      continue;
    }
    for (const id of ids ?? []) {
      (op === 'add' ? added : removed).add(id);
      (op === 'add' ? removed : added).delete(id);
    }
  }
  assertFew(added.size + removed.size);
  return { replaces, added, removed };
}

export const changesNothing = ({ replaces, added, removed }: MemberChange): boolean =>
  !replaces && added.size === 0 && removed.size === 0;

/** Undefined: all. */
function idsNamed({ op, target, filter, value }: PatchOperation): string[] | undefined {
  if (filter) {
    const member = membersSaid(filter)?.['value'];
    // RFC 7643 section 4.2: what a member is does not change; it comes and goes.
    if (op !== 'remove' || target.sub) throw invalid('mutability', 'A member is added or removed, and not changed');
    if (typeof member !== 'string') throw invalid('invalidFilter', 'Members are chosen by their value');
    return [member];
  }
  if (target.sub) throw invalid('mutability', 'A member is added or removed, and not changed');
  if (value === undefined) return op === 'add' ? [] : undefined;
  return op === 'remove' ? (value as Resource[]).map((one) => String(one['value'])) : idsOf(value);
}

function idsOf(members: unknown): string[] {
  const ids = ((members ?? []) as Resource[]).map((member) => member['value']);
  assertFew(ids.length);
  return ids.map((id) => {
    if (typeof id !== 'string' || uuidOf(id) === undefined) {
      throw invalid('invalidValue', `“${shown(String(id))}” is no member that there could be`);
    }
    return id;
  });
}

function assertFew(count: number): void {
  if (count > mostMembers) throw invalid('tooMany', `More than ${mostMembers} members in one request`);
}
