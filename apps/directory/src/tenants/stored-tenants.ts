import { slug as slugSchema, type Tenant } from '@signet/contracts';
import type { Database } from '@signet/persistence';
import { TenantLookup } from '@signet/service';
import { findTenantBySlug } from './tenant-statements.js';

/** The directory's own: it needs no copies of what it has. */
export class StoredTenants extends TenantLookup {
  constructor(private readonly database: Pick<Database, 'first'>) {
    super();
  }

  async tenantBySlug(slug: string): Promise<Tenant | undefined> {
    return slugSchema.safeParse(slug).success ? this.database.first(findTenantBySlug, { slug }) : undefined;
  }
}
