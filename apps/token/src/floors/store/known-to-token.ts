import { statement } from '@signet/persistence';
import { z } from 'zod';

/** Tenants that have keys: all that anything was ever issued at. */
export const knownTenants = statement<{ readonly limit: number }, string>({
  name: 'token.tenant.list-known',
  text: 'select distinct tenant_id as id from tenant_key limit $1',
  parameters: ({ limit }) => [limit],
  row: z.object({ id: z.string() }).transform(({ id }) => id),
});

export const isKnownTenant = statement<{ readonly tenantId: string }, boolean>({
  name: 'token.tenant.is-known',
  text: 'select exists (select from tenant_key where tenant_id = $1) as known',
  parameters: ({ tenantId }) => [tenantId],
  row: z.object({ known: z.boolean() }).transform(({ known }) => known),
});

interface Revoked {
  readonly tenantId: string;
  readonly kind: 'account' | 'session' | 'grant';
  readonly id: string;
}

/** Whether a grant, or of a session a refresh token, rests on it. */
export const somethingRests = statement<Revoked, boolean>({
  name: 'token.floor.something-rests',
  text: `select case $2
      when 'account' then exists (select from "grant" where tenant_id = $1 and account_id = $3::uuid)
      when 'grant' then exists (select from "grant" where tenant_id = $1 and id = $3::uuid)
      when 'session' then exists (select from family where tenant_id = $1 and session_id = $3::uuid) end as rests`,
  parameters: (p) => [p.tenantId, p.kind, p.id],
  row: z.object({ rests: z.boolean() }).transform(({ rests }) => rests),
});
