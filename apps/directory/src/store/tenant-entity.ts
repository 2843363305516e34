import type { Tenant, TenantId } from '@signet/contracts';
import { entity } from './entity.js';

export interface TenantRow {
  id: TenantId;
  slug: string;
  issuer: string;
  name: string;
  enabled: boolean;
  policies: Tenant['policies'];
  branding: Tenant['branding'];
  version: number;
  /** Of all scopes and resource servers together. */
  catalogueVersion: number;
}

export const tenantEntity = entity<TenantRow>('tenant', {
  id: { type: 'uuid', primary: true },
  slug: { type: 'text' },
  issuer: { type: 'text' },
  name: { type: 'text' },
  enabled: { type: 'boolean' },
  policies: { type: 'jsonb' },
  branding: { type: 'jsonb' },
  version: { type: 'integer' },
  catalogueVersion: { type: 'integer', name: 'catalogue_version' },
});
