import type { Tenant } from '@signet/contracts';

/** Where TenantGuard finds tenants: the copies, unless the service has its own. Injected by this class. */
export abstract class TenantLookup {
  /** Undefined for a slug that no tenant has. Does not judge whether the tenant is enabled. */
  abstract tenantBySlug(slug: string): Promise<Tenant | undefined>;
}
