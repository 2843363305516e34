import { applyDirectoryConfiguration, type PlanId } from '@signet/contracts';
import { ignoredRow, statement } from '@signet/persistence';
import { z } from 'zod';
import type { NamedObjects } from './plan.js';

export type PlanResponse = z.infer<typeof applyDirectoryConfiguration.response>;

/** Plans come one after the other, whichever replica has them: two could create the same tenant. One may take longer than other locks are waited for. */
export const lockConfiguration = statement<undefined, unknown>({
  name: 'directory.configuration.lock',
  text: `select set_config('lock_timeout', '2500', true), pg_advisory_xact_lock(hashtextextended('signet directory configuration', 0))`,
  parameters: () => [],
  row: ignoredRow,
});

export const findPlan = statement<{ planId: PlanId }, { digest: string; response: PlanResponse }>({
  name: 'directory.configuration.find-plan',
  text: 'select digest, response from configuration_plan where plan_id = $1',
  parameters: ({ planId }) => [planId],
  row: z.object({ digest: z.string(), response: applyDirectoryConfiguration.response }),
});

/**
 * SQL: a digest of the versions that all named objects have, the roles and groups of their tenants included. Every change of one gives it another version;
 * scopes and resource servers have theirs together, memberships and roles given are in their accounts'.
 */
const fingerprintOf = (named: string): string => `(
  with tenants as (
    select tenant.id, tenant.version, catalogue_version, named."clientIds", named."identifierKeys"
    from jsonb_to_recordset(${named}) as named (slug text, "clientIds" text[], "identifierKeys" text[])
    join tenant on tenant.slug = named.slug
  ), objects (kind, id, version) as (
    select 'tenant', id::text, version || '.' || catalogue_version from tenants
    union all
    select 'role', role.id::text, role.version::text from tenants join role on role.tenant_id = tenants.id
    union all
    select 'organisation', organisation.id::text, organisation.version::text
    from tenants join organisation on organisation.tenant_id = tenants.id
    union all
    select 'group', held.id::text, held.version::text from tenants join "group" held on held.tenant_id = tenants.id
    union all
    select 'client', client.tenant_id || client.client_id, client.version::text
    from tenants join client on client.tenant_id = tenants.id and client.client_id = any(tenants."clientIds")
    union all
    select 'account', account.id::text, account.version::text
    from tenants join account_identifier identifier
      on identifier.tenant_id = tenants.id and identifier.identifier_key = any(tenants."identifierKeys")
    join account on account.tenant_id = tenants.id and account.id = identifier.account_id and account.deleted_at is null
  )
  select sha256(convert_to(jsonb_agg(jsonb_build_array(kind, id, version) order by kind, id)::text, 'UTF8')) from objects)`;

interface AppliedPlan {
  digest: string;
  named: readonly NamedObjects[];
}

export const keepPlan = statement<AppliedPlan & { planId: PlanId; response: PlanResponse }, unknown>({
  name: 'directory.configuration.keep-plan',
  text: `insert into configuration_plan (plan_id, digest, response, fingerprint) values ($1, $2, $3, ${fingerprintOf('$4::jsonb')})`,
  parameters: (p) => [p.planId, p.digest, JSON.stringify(p.response), JSON.stringify(p.named)],
  row: ignoredRow,
});

export const findUnchanged = statement<AppliedPlan, { response: PlanResponse }>({
  name: 'directory.configuration.find-unchanged',
  text: `select response from configuration_plan
    where digest = $1 and fingerprint = ${fingerprintOf('$2::jsonb')} order by applied_at desc limit 1`,
  parameters: (p) => [p.digest, JSON.stringify(p.named)],
  row: z.object({ response: applyDirectoryConfiguration.response }),
});

/** A client that has a sector_identifier_uri; its redirect URIs were in the file there. */
export interface StoredSector {
  readonly slug: string;
  readonly clientId: string;
  readonly sectorIdentifierUri: string;
  readonly redirectUris: readonly string[];
}

export const findSectors = statement<{ slugs: readonly string[] }, StoredSector>({
  name: 'directory.configuration.find-sectors',
  text: `select slug, client_id as "clientId", metadata ->> 'sectorIdentifierUri' as "sectorIdentifierUri", redirect_uris as "redirectUris"
    from tenant join client on client.tenant_id = tenant.id where slug = any($1::text[]) and metadata ? 'sectorIdentifierUri'`,
  parameters: ({ slugs }) => [slugs],
  row: z.object({
    slug: z.string(),
    clientId: z.string(),
    sectorIdentifierUri: z.string(),
    redirectUris: z.array(z.string()),
  }),
});
