import { z } from 'zod';
import { tenantId } from '../ids.js';
import { slug } from '../text.js';
import { collectionOperations, idText, stamps } from './collection.js';
import { tenantMembers, tenantObject } from './objects/tenant-object.js';
import { shownId } from './shown-id.js';

export const shownTenant = z
  .strictObject({ id: idText('ten'), ...tenantMembers, issuer: z.url(), ...stamps })
  .meta({ id: 'Tenant' });

const all = collectionOperations({
  collection: 'tenants',
  names: ['Tenant', 'Tenants', 'a tenant', 'tenants'],
  parameters: z.strictObject({ tenant_id: shownId('ten', tenantId) }),
  parameter: 'tenant_id',
  filters: { slug: slug.optional() },
  created: tenantObject,
  updated: tenantObject,
  shown: shownTenant,
});

/** The plane's own tenants, for tokens of the default one. A tenant is disabled, and not deleted. */
export const tenantOperations = { list: all.list, create: all.create, read: all.read, update: all.update } as const;
