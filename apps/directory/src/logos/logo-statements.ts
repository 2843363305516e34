import type { TenantId } from '@signet/contracts';
import { ignoredRow, statement } from '@signet/persistence';
import { z } from 'zod';

interface ClientKey {
  readonly tenantId: TenantId;
  readonly clientId: string;
}

export interface Picture {
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** The picture of an enabled client at a version. */
export const findLogo = statement<ClientKey & { version: number }, Picture>({
  name: 'directory.client-logo.find',
  text: `select media_type as "mediaType", bytes from client join client_logo using (tenant_id, client_id)
    where tenant_id = $1 and client_id = $2 and client.version = $3 and client.enabled and bytes is not null
      and client_logo.uri = client.metadata ->> 'logoUri'`,
  parameters: (p) => [p.tenantId, p.clientId, p.version],
  row: z.object({ mediaType: z.string(), bytes: z.instanceof(Buffer) }),
});

/** Whether it is known what is at a client's logo_uri. What was nothing to show is looked for again after a day. */
export const findLogoOutcome = statement<ClientKey & { uri: string }, { uri: string }>({
  name: 'directory.client-logo.find-outcome',
  text: `select uri from client_logo where tenant_id = $1 and client_id = $2 and uri = $3
      and (bytes is not null or fetched_at > clock_timestamp() - interval '1 day')`,
  parameters: (p) => [p.tenantId, p.clientId, p.uri],
  row: z.object({ uri: z.string() }),
});

/** Of two replicas that fetched at once, the last one stands; a client that is gone meanwhile has none. */
export const keepLogo = statement<ClientKey & { uri: string; picture: Picture | undefined }, unknown>({
  name: 'directory.client-logo.keep',
  text: `insert into client_logo (tenant_id, client_id, uri, media_type, bytes)
    select tenant_id, client_id, $3, $4, $5 from client where tenant_id = $1 and client_id = $2
    on conflict (tenant_id, client_id) do update
      set uri = excluded.uri, media_type = excluded.media_type, bytes = excluded.bytes, fetched_at = clock_timestamp()`,
  parameters: (p) => [p.tenantId, p.clientId, p.uri, p.picture?.mediaType ?? null, p.picture?.bytes ?? null],
  row: ignoredRow,
});
