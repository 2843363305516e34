import { catalogue, tenant, tenantId, type Catalogue, type Tenant, type TenantId } from '@signet/contracts';
import { micros, microsOf, statement } from '@signet/persistence';

const columns = 'id, slug, issuer, name, enabled, version, policies, branding';

export const findTenantBySlug = statement<{ slug: string }, Tenant>({
  name: 'directory.tenant.find-by-slug',
  text: `select ${columns} from tenant where slug = $1`,
  parameters: ({ slug }) => [slug],
  row: tenant,
});

export const findTenantById = statement<{ tenantId: TenantId }, Tenant>({
  name: 'directory.tenant.find-by-id',
  text: `select ${columns} from tenant where id = $1`,
  parameters: (p) => [p.tenantId],
  row: tenant,
});

export const listTenantsAfter = statement<{ after: TenantId | undefined; limit: number }, Tenant>({
  name: 'directory.tenant.list',
  text: `select ${columns} from tenant where id > coalesce($1, '00000000-0000-0000-0000-000000000000'::uuid) order by id limit $2`,
  parameters: ({ after, limit }) => [after ?? null, limit],
  row: tenant,
});

/**
 * `readAt` is the start of the transaction, which lies before the snapshot that the rows are read in; clock_timestamp() is
 * taken after it, and would let a change committed in between look older than a read that did not see it.
 */
export const readCatalogue = statement<{ tenantId: TenantId }, Catalogue>({
  name: 'directory.catalogue.read',
  text: `select id as "tenantId", catalogue_version as version, ${microsOf('transaction_timestamp()')} as "readAt",
      coalesce((
        select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
          'name', name, 'description', description, 'resourceServer', resource_server)) order by name collate "C")
        from scope where tenant_id = tenant.id), '[]') as scopes,
      coalesce((
        select jsonb_agg(jsonb_build_object(
          'identifier', identifier, 'name', name, 'accessTokenSigningAlg', access_token_signing_alg,
          'statusList', status_list, 'hasPermissions', not built_in and exists (
            select from permission where permission.tenant_id = resource_server.tenant_id and resource_server_id = resource_server.id)) order by identifier collate "C")
        from resource_server where tenant_id = tenant.id), '[]') as "resourceServers"
    from tenant where id = $1`,
  parameters: (p) => [p.tenantId],
  row: catalogue.extend({ tenantId, readAt: micros }),
});
