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
  readonly kind: 'account' | 'session' | 'grant' | 'client';
  readonly id: string;
}

const any = (condition: string, tables: readonly string[]) =>
  tables.map((table) => `exists (select from ${table} where tenant_id = $1 and ${condition})`).join(' or ');

/** Whether a grant rests on it; where grants do not say, whether anything else that is kept of what was issued does. */
export const somethingRests = statement<Revoked, boolean>({
  name: 'token.floor.something-rests',
  text: `select case $2
      when 'account' then ${any('account_id = $3::uuid', ['"grant"'])}
      when 'grant' then ${any('id = $3::uuid', ['"grant"'])}
      when 'session' then ${any('session_id = $3::uuid', ['family', 'code', 'status_entry'])}
      when 'client' then ${any('client_id = $4::text', ['"grant"', 'family', 'status_entry'])} end as rests`,
  parameters: (p) => (p.kind === 'client' ? [p.tenantId, p.kind, null, p.id] : [p.tenantId, p.kind, p.id, null]),
  row: z.object({ rests: z.boolean() }).transform(({ rests }) => rests),
});
