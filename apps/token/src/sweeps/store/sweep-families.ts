import type { RecordedEvent } from '@signet/contracts';
import { eventParameter, int8, statement } from '@signet/persistence';
import { z } from 'zod';

export interface SweptFamily {
  readonly tenantId: string;
  readonly id: string;
  readonly clientId: string;
  readonly accountId: string;
  readonly sessionId: string;
  readonly version: number;
  readonly ended: boolean;
}

const columns = `tenant_id as "tenantId", id, client_id as "clientId", account_id as "accountId", session_id as "sessionId", version,
      ended_at is not null as ended`;

const row = z.object({
  tenantId: z.string(),
  id: z.string(),
  clientId: z.string(),
  accountId: z.string(),
  sessionId: z.string(),
  version: int8,
  ended: z.boolean(),
});

/** Locks them; what another replica sweeps is passed over. */
export const lockExpiredFamilies = statement<{ readonly limit: number }, SweptFamily>({
  name: 'token.family.lock-expired',
  text: `select ${columns}
    from family where expires_at <= clock_timestamp() order by expires_at limit $1 for update skip locked`,
  parameters: ({ limit }) => [limit],
  row,
});

interface OfAccount {
  readonly tenantId: string;
  readonly accountId: string;
  readonly limit: number;
}

/** Locks them; waits for what is under way with one, since none may be left. */
export const lockFamiliesOfAccount = statement<OfAccount, SweptFamily>({
  name: 'token.family.lock-of-account',
  text: `select ${columns} from family where tenant_id = $1 and account_id = $2 order by id limit $3 for update`,
  parameters: (p) => [p.tenantId, p.accountId, p.limit],
  row,
});

interface Swept {
  readonly families: readonly Pick<SweptFamily, 'tenantId' | 'id'>[];
  /** Of those that had not ended before; each with its version. */
  readonly ended: readonly { readonly event: RecordedEvent; readonly version: number }[];
}

export const deleteFamilies = statement<Swept, unknown>({
  name: 'token.family.delete',
  text: `with gone as (
    delete from family using unnest($1::uuid[], $2::uuid[]) as swept (tenant_id, id)
    where family.tenant_id = swept.tenant_id and family.id = swept.id
  )
  select record_event(event, version) from unnest($3::jsonb[], $4::bigint[]) as ended (event, version)`,
  parameters: ({ families, ended }) => [
    families.map(({ tenantId }) => tenantId),
    families.map(({ id }) => id),
    ended.map(({ event }) => eventParameter(event)),
    ended.map(({ version }) => version),
  ],
  row: z.unknown(),
  records: true,
});
