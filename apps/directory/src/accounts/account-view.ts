import type { Account, AccountAttributes, StoredClaims } from '@signet/contracts';
import type { View } from '../changes/difference.js';
import type { Assignments } from './account-statements.js';

/** An account with what is given to it. */
export interface AssignedAccount extends Assignments {
  readonly username: string;
  readonly status: Account['status'];
  readonly claims: StoredClaims;
  readonly attributes: AccountAttributes;
}

/** An account as an event tells of it: each claim and each attribute a member of its own. */
export function viewOfAccount(account: AssignedAccount): View {
  const { username, status, groups, roles, organisations } = account;
  return {
    ...{ username, status, groups: sorted(groups), roles: sorted(roles) },
    organisations: [...organisations]
      .map((one) => ({ name: one.name, roles: sorted(one.roles) }))
      .sort((one, other) => (one.name < other.name ? -1 : 1)),
    ...below('claims', account.claims),
    ...below('attributes', account.attributes),
  };
}

/** Who somebody is, is never in a leaf: it could not be erased. */
export const personalMembers = (...views: readonly View[]): string[] =>
  views
    .flatMap((view) => Object.keys(view))
    .filter((member) => member === 'username' || /^(?:claims|attributes)\./.test(member));

const sorted = (names: readonly string[]): string[] => [...new Set(names)].sort();

const below = (prefix: string, members: object): View =>
  Object.fromEntries(
    Object.entries(members).map(([name, value]: [string, unknown]) => [`${prefix}.${name}`, value] as const),
  );
