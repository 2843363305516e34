import type { Tenant } from '@signet/contracts';
import type { HttpRequest } from '../http/types.js';

const tenants = new WeakMap<HttpRequest['raw'], Tenant>();

export function setTenant(request: HttpRequest, tenant: Tenant): void {
  tenants.set(request.raw, tenant);
}

/** The tenant that TenantGuard found; undefined where it was not asked or found none. For error pages. */
export function findTenantOf(request: HttpRequest): Tenant | undefined {
  return tenants.get(request.raw);
}

export function tenantOf(request: HttpRequest): Tenant {
  const tenant = findTenantOf(request);
  if (!tenant) throw new TypeError('A handler asked for its tenant and has no TenantGuard.');
  return tenant;
}
