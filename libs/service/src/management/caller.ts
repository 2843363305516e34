import {
  isManagementPermission,
  type AccountId,
  type Actor,
  type EventContext,
  type HeldPermission,
  type ManagementPermission,
  type OrganisationId,
  type Tenant,
} from '@signet/contracts';
import type { HttpRequest } from '../http/types.js';

/** Of which objects a permission speaks: all of the tenant's, or those of some organisations. */
export type Reach =
  { readonly kind: 'tenant' } | { readonly kind: 'organisations'; readonly ids: ReadonlySet<OrganisationId> };

/** Who calls the Management API, and how far the permission that the operation asks for goes. */
export interface Caller {
  /** The issuer of the token: everything read or written is this tenant's. */
  readonly tenant: Pick<Tenant, 'id' | 'slug' | 'issuer'>;
  readonly clientId: string;
  /** Undefined where the client acts for itself. */
  readonly accountId: AccountId | undefined;
  readonly principal: Actor;
  readonly reach: Reach;
  readonly held: readonly HeldPermission[];
  /** For the events of what it does. */
  readonly context: EventContext;
}

/** How far a permission goes; undefined where it is not held at all. */
export function reachOf(held: readonly HeldPermission[], permission: string): Reach | undefined {
  const places = held.flatMap(({ name, organisationId }) => (name === permission ? [organisationId] : []));
  if (places.includes(null)) return { kind: 'tenant' };
  const ids = new Set(places.filter((id) => id !== null));
  return ids.size > 0 ? { kind: 'organisations', ids } : undefined;
}

/**
 * Whether somebody may give these permissions to others: nobody gives what he does not have himself, in at least that reach.
 * `organisationId`: where they would count; null: in the whole tenant.
 */
export function mayGive(
  { held }: Pick<Caller, 'held'>,
  permissions: readonly ManagementPermission[],
  organisationId: OrganisationId | null,
): boolean {
  return permissions.every((permission) => {
    const reach = reachOf(held, permission);
    if (reach?.kind !== 'organisations') return reach !== undefined;
    return organisationId !== null && reach.ids.has(organisationId);
  });
}

/** Whether somebody holds all that another does: whoever changes that other, or signs in as it, could do no more by it. */
export const covers = (caller: Pick<Caller, 'held'>, held: readonly HeldPermission[]): boolean =>
  held.every(({ name, organisationId }) => isManagementPermission(name) && mayGive(caller, [name], organisationId));

const callers = new WeakMap<HttpRequest['raw'], Caller>();

export function setCaller(request: HttpRequest, caller: Caller): void {
  callers.set(request.raw, caller);
}

/** Only behind ManagementGuard. */
export function callerOf(request: HttpRequest): Caller {
  const caller = callers.get(request.raw);
  if (!caller) throw new TypeError('A handler asked for its caller and has no ManagementGuard.');
  return caller;
}
