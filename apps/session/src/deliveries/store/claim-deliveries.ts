import { accountId, deliveryId, sessionId, tenantId } from '@signet/contracts';
import { int8, micros, microsOf, nowMicros, statement } from '@signet/persistence';
import { z } from 'zod';

const dueRow = z.object({
  tenantId,
  id: deliveryId,
  sessionId,
  accountId: accountId.nullable(),
  clientId: z.string(),
  attempts: z.int(),
  /** Something that its client did not take is waiting. */
  failing: z.boolean(),
  /** That its end is written down at, once: another replica may have taken it over meanwhile. */
  version: int8,
  dueAt: micros,
  takenAt: micros,
  /** Of the client in this turn. */
  place: int8,
});
export type DueDelivery = Readonly<z.infer<typeof dueRow>>;

export interface ClientPlace {
  readonly tenantId: string;
  readonly clientId: string;
}

export interface Claim {
  /** Whose last deliveries have not ended here. */
  readonly busy: readonly ClientPlace[];
  /** The client that had its turn last; the next one is first now. */
  readonly after: ClientPlace | undefined;
  readonly perClient: number;
  readonly limit: number;
  /** Of the limit: for clients that are failing, one each. */
  readonly failing: number;
  /** Seconds for which no other replica takes them. */
  readonly lease: number;
}

/** SQL: so many of each client in `turn` that may be tried now, locked. */
const due = (perClient: string) => `
  select found.tenant_id, found.id, found.next_attempt_at, turn.place, turn.failing from turn cross join lateral (
    select tenant_id, id, next_attempt_at from logout_delivery
    where tenant_id = turn.tenant_id and client_id = turn.client_id and finished_at is null
      and next_attempt_at <= (select clock_timestamp())
      and not exists (select from unraised_floor where unraised_floor.id = logout_delivery.raise_id)
    order by next_attempt_at limit ${perClient}
    for update skip locked
  ) found`;

const noTenant = '00000000-0000-0000-0000-000000000000';

/**
 * Takes what is due: so many of each client, the clients in turn, each found by one step in the index however many rows those before it
 * have; clients that are failing after the others, and no more of them than their share. A delivery waits for its floor: a client that
 * is told must find the session dead, or it would ask for new tokens and get them.
 */
export const claimDeliveries = statement<Claim, DueDelivery>({
  name: 'session.delivery.claim',
  text: `
with recursive client as (
  (select tenant_id, client_id from logout_delivery where finished_at is null order by tenant_id, client_id limit 1)
  union all
  select next.tenant_id, next.client_id from client cross join lateral (
    select tenant_id, client_id from logout_delivery
    where finished_at is null and (tenant_id, client_id) > (client.tenant_id, client.client_id)
    order by tenant_id, client_id limit 1
  ) next
), known as (
  select client.*, exists (
    select from logout_delivery tried
    where tried.tenant_id = client.tenant_id and tried.client_id = client.client_id and tried.finished_at is null
      and tried.attempts > 0
  ) as failing
  from client
  where not exists (
    select from unnest($1::uuid[], $2::text[]) as busy (tenant_id, client_id)
    where busy.tenant_id = client.tenant_id and busy.client_id = client.client_id
  )
), turn as materialized (
  select known.*, row_number() over (
    order by failing, (tenant_id, client_id) <= ($3::uuid, $4::text), tenant_id, client_id
  ) as place
  from known
  order by place
), answering as materialized (
  ${due('$5')}
  where not turn.failing
  limit $6
), failing as materialized (
  ${due('1')}
  where turn.failing
  limit greatest(0, least($8::integer, $6::integer - (select count(*)::integer from answering)))
), due as (
  select * from answering union all select * from failing
)
update logout_delivery set next_attempt_at = clock_timestamp() + $7::integer * interval '1 second'
from due
where logout_delivery.tenant_id = due.tenant_id and logout_delivery.id = due.id
returning logout_delivery.tenant_id as "tenantId", logout_delivery.id, session_id as "sessionId",
  account_id as "accountId", client_id as "clientId", attempts, version, due.place, due.failing,
  ${microsOf('due.next_attempt_at')} as "dueAt", ${nowMicros} as "takenAt"`,
  parameters: ({ busy, after, perClient, limit, lease, failing }) => [
    busy.map(({ tenantId: tenant }) => tenant),
    busy.map(({ clientId }) => clientId),
    after?.tenantId ?? noTenant,
    after?.clientId ?? '',
    perClient,
    limit,
    lease,
    failing,
  ],
  row: dueRow,
});
