import type { TenantId } from '@signet/contracts';
import { ignoredRow, statement } from '@signet/persistence';
import { z } from 'zod';
import { logoMembers } from '../clients/client-statements.js';

/** A client's `logo_uri`, or `logo_uri#fr`: the member by its name on the wire. */
export interface LogoKey {
  readonly tenantId: TenantId;
  readonly clientId: string;
  readonly member: string;
}

export interface Picture {
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** The picture of an enabled client at a version. */
export const findLogo = statement<LogoKey & { version: number }, Picture>({
  name: 'directory.client-logo.find',
  text: `select media_type as "mediaType", bytes from client join client_logo using (tenant_id, client_id)
    where tenant_id = $1 and client_id = $2 and member = $3 and client.version = $4 and client.enabled and bytes is not null
      and client_logo.uri = (${logoMembers}) ->> member`,
  parameters: (p) => [p.tenantId, p.clientId, p.member, p.version],
  row: z.object({ mediaType: z.string(), bytes: z.instanceof(Buffer) }),
});

/** Whether it is known what is there. What was nothing to show is looked for again after a day. */
export const findLogoOutcome = statement<LogoKey & { uri: string }, { uri: string }>({
  name: 'directory.client-logo.find-outcome',
  text: `select uri from client_logo where tenant_id = $1 and client_id = $2 and member = $3 and uri = $4
      and (bytes is not null or fetched_at > clock_timestamp() - interval '1 day')`,
  parameters: (p) => [p.tenantId, p.clientId, p.member, p.uri],
  row: z.object({ uri: z.string() }),
});

/**
 * Of two replicas that fetched at once, the last one stands; a client that is gone meanwhile has none. What the client has no
 * member for any more goes.
 */
export const keepLogo = statement<LogoKey & { uri: string; picture: Picture | undefined }, unknown>({
  name: 'directory.client-logo.keep',
  text: `with gone as (delete from client_logo using client
      where client_logo.tenant_id = $1 and client_logo.client_id = $2 and client.tenant_id = $1 and client.client_id = $2
        and member <> $3 and not (${logoMembers}) ? member)
    insert into client_logo (tenant_id, client_id, member, uri, media_type, bytes)
    select tenant_id, client_id, $3, $4, $5, $6 from client where tenant_id = $1 and client_id = $2
    on conflict (tenant_id, client_id, member) do update
      set uri = excluded.uri, media_type = excluded.media_type, bytes = excluded.bytes, fetched_at = clock_timestamp()`,
  parameters: (p) => [p.tenantId, p.clientId, p.member, p.uri, p.picture?.mediaType ?? null, p.picture?.bytes ?? null],
  row: ignoredRow,
});
