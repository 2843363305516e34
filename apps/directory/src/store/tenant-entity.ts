import type { AttributeDefinition, Tenant, TenantId } from '@signet/contracts';
import { entity } from './entity.js';

export interface TenantRow {
  id: TenantId;
  slug: string;
  issuer: string;
  name: string;
  enabled: boolean;
  policies: Tenant['policies'];
  branding: Tenant['branding'];
  attributes: AttributeDefinition[];
  version: number;
  /** Of all scopes and resource servers together. */
  catalogueVersion: number;
  /** Of what roles give to whoever has them. */
  authorityVersion: number;
}

export const tenantEntity = entity<TenantRow>('tenant', {
  id: { type: 'uuid', primary: true },
  slug: { type: 'text' },
  issuer: { type: 'text' },
  name: { type: 'text' },
  enabled: { type: 'boolean' },
  policies: { type: 'jsonb' },
  branding: { type: 'jsonb' },
  attributes: { type: 'jsonb' },
  version: { type: 'integer' },
  catalogueVersion: { type: 'integer', name: 'catalogue_version' },
  authorityVersion: { type: 'integer', name: 'authority_version' },
});
