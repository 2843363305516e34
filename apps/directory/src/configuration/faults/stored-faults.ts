import { identifierKey, type DeclaredTenant } from '@signet/contracts';
import type { TenantRow } from '../../store/tenant-entity.js';
import type { StoredTenant } from '../stored-state.js';
import type { Fault } from './fault.js';

/** An issuer is immutable, and no two tenants have the same. */
export function issuerConflicts({ slug, issuer }: DeclaredTenant, stored: readonly TenantRow[]): Fault[] {
  const own = stored.find((tenant) => tenant.slug === slug);
  if (own && own.issuer !== issuer) {
    return [
      { path: ['issuer'], message: `is ${own.issuer} since the tenant was created, and cannot change`, stored: true },
    ];
  }
  const other = stored.find((tenant) => tenant.issuer === issuer && tenant.slug !== slug);
  return other ? [{ path: ['issuer'], message: `is the issuer of the tenant ${other.slug}`, stored: true }] : [];
}

/** Identifiers of deleted accounts are never given again. */
export function tombstones({ users }: DeclaredTenant, stored: StoredTenant | undefined): Fault[] {
  return users.flatMap(({ username }) => {
    const known = stored?.accounts.get(identifierKey(username));
    return known && !known.row
      ? [{ path: ['users', username], message: 'is the name of a deleted account', stored: true as const }]
      : [];
  });
}

/** RFC 9700 section 4.15: the `sub` of a token is its client, or a person; never may one be taken for the other. */
export function subjectsAsClients({ clients }: DeclaredTenant, stored: StoredTenant | undefined): Fault[] {
  return clients.flatMap(({ clientId }) =>
    stored?.subjects.has(clientId) === true
      ? [{ path: ['clients', clientId, 'clientId'], message: 'is the subject of an account', stored: true as const }]
      : [],
  );
}
