import { ignoredRow, statement } from '@signet/persistence';
import { z } from 'zod';

/** What has ended is kept a week, as sessions are. */
export const forgetDeliveries = statement<{ limit: number }, unknown>({
  name: 'session.delivery.forget',
  text: `delete from logout_delivery where (tenant_id, id) in (
    select tenant_id, id from logout_delivery where finished_at < (select clock_timestamp()) - interval '7 days'
    order by finished_at limit $1 for update skip locked
  ) returning 1`,
  parameters: ({ limit }) => [limit],
  row: ignoredRow,
});

/** Of an erased account: what has ended goes, what is under way goes on without it. Belongs in a transaction that records that. */
export const eraseDeliveriesOfAccount = statement<{ tenantId: string; accountId: string }, { erased: number }>({
  name: 'session.delivery.erase-of-account',
  text: `
with gone as (
  delete from logout_delivery where tenant_id = $1 and account_id = $2 and finished_at is not null returning 1
), loose as (
  update logout_delivery set account_id = null where tenant_id = $1 and account_id = $2 and finished_at is null returning 1
)
select ((select count(*) from gone) + (select count(*) from loose))::integer as erased`,
  parameters: (p) => [p.tenantId, p.accountId],
  row: z.object({ erased: z.int() }),
});

export const countWaiting = statement<undefined, { waiting: number }>({
  name: 'session.delivery.count-waiting',
  text: 'select count(*)::integer as waiting from logout_delivery where finished_at is null',
  parameters: () => [],
  row: z.object({ waiting: z.int() }),
});
