import {
  isManagementPermission,
  managementPermissions,
  managementResource,
  managementScopes,
  organisationId,
  type AccountId,
  type DeclaredClient,
  type HeldPermission,
  type ManagementPermission,
  type OrganisationId,
} from '@signet/contracts';
import { covers, ManagementProblem, mayGive, nothingThere, type Caller } from '@signet/service';
import { accountAuthority, clientAuthority } from '../authority/authority-statements.js';
import type { StoredTenant } from '../configuration/stored-state.js';
import type { Writing } from './directory-writes.js';
import type { Conditions } from './object-statements.js';

/** Where a role counts: in an organisation, or in the whole tenant. */
type Place = OrganisationId | null;

/** Of objects that belong to organisations, those that the caller reaches. */
export const reachOf = ({ reach }: Caller): Conditions => (reach.kind === 'tenant' ? {} : { reach: [...reach.ids] });

/** Throws 404 where the caller administers organisations alone, and this is none of them. */
export function ensureReaches({ reach }: Caller, place: Place): void {
  if (reach.kind === 'organisations' && (place === null || !reach.ids.has(place))) throw nothingThere();
}

const refused = (detail: string): ManagementProblem => new ManagementProblem('insufficient-permission', detail);

/** Throws where somebody would give what he does not have himself, in at least that place. */
export function ensureMayGive(caller: Caller, permissions: readonly ManagementPermission[], place: Place): void {
  if (!mayGive(caller, permissions, place)) throw refused('Nobody gives permissions that he does not hold himself');
}

/** Management permissions that a role gives, of the tenant's roles as they are stored. */
const permissionsOf = (stored: StoredTenant, role: string): ManagementPermission[] =>
  (stored.roles.get(role)?.permissions[managementResource] ?? []).filter(isManagementPermission);

/** Of roles that are given beyond those of before. */
export function ensureMayGiveRoles(
  caller: Caller,
  stored: StoredTenant,
  before: readonly string[],
  after: readonly string[],
  place: Place,
): void {
  const added = after.filter((name) => !before.includes(name));
  const permissions = added.flatMap((name) => permissionsOf(stored, name));
  ensureMayGive(caller, permissions, place);
}

/** Of groups whose members somebody becomes: what these give, and those around them, each where it counts. */
export function ensureMayGiveGroups(
  caller: Caller,
  stored: StoredTenant,
  before: readonly string[],
  after: readonly string[],
): void {
  const around = new Set<string>();
  const climb = (name: string): void => {
    if (around.has(name)) return;
    around.add(name);
    for (const [parent, { groups }] of stored.groups) if (groups.includes(name)) climb(parent);
  };
  for (const name of after) if (!before.includes(name)) climb(name);
  for (const name of around) {
    const group = stored.groups.get(name);
    if (group) ensureMayGiveRoles(caller, stored, [], group.roles, placeOf(group.organisationId));
  }
}

const placeOf = (id: string | null): Place => (id === null ? null : organisationId.parse(id));

export const organisationNamed = (stored: StoredTenant, name: string | undefined): Place =>
  placeOf((name === undefined ? undefined : stored.organisations.get(name)?.id) ?? null);

/** Whoever changes somebody who administers, disabled or not, could act as them by it: it takes all that they hold. */
export async function ensureCoversAccount({ tx, tenantId, caller }: Writing, accountId: AccountId): Promise<void> {
  ensureCovers(caller, await tx.execute(accountAuthority.ever, { tenantId, accountId }));
}

export async function ensureCoversClient({ tx, tenantId, caller }: Writing, clientId: string): Promise<void> {
  ensureCovers(caller, await tx.execute(clientAuthority.ever, { tenantId, clientId }));
}

function ensureCovers(caller: Caller, held: readonly HeldPermission[]): void {
  if (!covers(caller, held)) throw refused('Whoever changes an administrator has to hold what they hold');
}

/** What a client may do for whoever signs in to it, by the scopes of the management resource server. */
const openedBy: Readonly<Record<string, readonly ManagementPermission[]>> = {
  [managementScopes.admin]: managementPermissions,
  [managementScopes.scim]: ['scim:read', 'scim:write'],
};

/** A client that administers for the people who use it has what they hold: whoever makes it what it is could use it so. */
export function ensureMayOpen(caller: Caller, client: Pick<DeclaredClient, 'scopes' | 'grantTypes'>): void {
  if (client.grantTypes.every((type) => type === 'client_credentials')) return;
  for (const scope of client.scopes) ensureMayGive(caller, openedBy[scope] ?? [], null);
}

export interface Assigned {
  readonly groups: readonly string[];
  readonly roles: readonly string[];
  readonly organisations: readonly { readonly name: string; readonly roles: readonly string[] }[];
}

const nothing: Assigned = { groups: [], roles: [], organisations: [] };

/** What an account is given beyond what it had, and, for an administrator of organisations, that all of it lies within them. */
export function ensureMayAssign(
  caller: Caller,
  stored: StoredTenant,
  after: Assigned,
  before: Assigned = nothing,
): void {
  ensureMayGiveRoles(caller, stored, before.roles, after.roles, null);
  ensureMayGiveGroups(caller, stored, before.groups, after.groups);
  for (const { name, roles } of after.organisations) {
    const known = before.organisations.find((one) => one.name === name);
    const own = known ? [] : (stored.organisations.get(name)?.roles ?? []);
    ensureMayGiveRoles(caller, stored, known?.roles ?? [], [...own, ...roles], organisationNamed(stored, name));
  }
  const { reach } = caller;
  if (reach.kind === 'tenant') return;
  const isWithin = (name: string | undefined): boolean => {
    const place = organisationNamed(stored, name);
    return place !== null && reach.ids.has(place);
  };
  const groupsWithin = difference(before.groups, after.groups).every((name) => isWithin(organisationOfGroup(name)));
  const isTheirs = after.organisations.length > 0 && after.organisations.every(({ name }) => isWithin(name));
  if (!isTheirs || !groupsWithin || difference(before.roles, after.roles).length > 0) {
    throw refused('An account lies within the organisations that you administer, and so does all that it is given');
  }
}

const organisationOfGroup = (reference: string): string | undefined =>
  reference.includes('/') ? reference.split('/')[0] : undefined;

const difference = (before: readonly string[], after: readonly string[]): string[] => [
  ...before.filter((name) => !after.includes(name)),
  ...after.filter((name) => !before.includes(name)),
];
