import { applyDirectoryConfiguration, eventId, type EventId, type PlanId, type TenantId } from '@signet/contracts';
import { eventParameter, ignoredRow, statement } from '@signet/persistence';
import { z } from 'zod';
import type { LoggedEvent } from './change-log.js';

export type PlanResponse = z.infer<typeof applyDirectoryConfiguration.response>;

/** Plans come one after the other, whichever replica has them: two could create the same tenant. */
export const lockConfiguration = statement<undefined, unknown>({
  name: 'directory.configuration.lock',
  text: `select pg_advisory_xact_lock(hashtextextended('signet directory configuration', 0))`,
  parameters: () => [],
  row: ignoredRow,
});

export const findPlan = statement<{ planId: PlanId }, { digest: string; response: PlanResponse }>({
  name: 'directory.configuration.find-plan',
  text: 'select digest, response from configuration_plan where plan_id = $1',
  parameters: ({ planId }) => [planId],
  row: z.object({ digest: z.string(), response: applyDirectoryConfiguration.response }),
});

export const keepPlan = statement<{ planId: PlanId; digest: string; response: PlanResponse }, unknown>({
  name: 'directory.configuration.keep-plan',
  text: 'insert into configuration_plan (plan_id, digest, response) values ($1, $2, $3)',
  parameters: (p) => [p.planId, p.digest, JSON.stringify(p.response)],
  row: ignoredRow,
});

/** All at once, each with the version of its aggregate. */
export const recordChanges = statement<readonly LoggedEvent[], unknown>({
  name: 'directory.configuration.record',
  text: 'select record_event(event, version) from unnest($1::jsonb[], $2::bigint[]) as change (event, version)',
  parameters: (changes) => [changes.map(({ event }) => eventParameter(event)), changes.map(({ version }) => version)],
  row: ignoredRow,
  records: true,
});

/** Also those of an earlier plan, whose process ended between commit and floor: nothing may be answered before they are raised. */
export const findUnraised = statement<{ tenantIds: readonly TenantId[] }, { id: EventId }>({
  name: 'directory.configuration.find-unraised',
  text: 'select id from unraised_floor where tenant_id = any($1::uuid[]) order by created_at, id',
  parameters: ({ tenantIds }) => [tenantIds],
  row: z.object({ id: eventId }),
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
