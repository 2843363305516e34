import { accountId, deliveryId, sessionId, type RecordedEvent } from '@signet/contracts';
import { eventParameter, ignoredRow, int8, statement, timestampOf } from '@signet/persistence';
import { z } from 'zod';
import type { ClientPlace, DueDelivery } from './claim-deliveries.js';

type Reference = Pick<DueDelivery, 'tenantId' | 'id' | 'version'>;

/** The client has taken it. */
export const markDelivered = statement<Reference & { answer: string; delivered: RecordedEvent }, unknown>({
  name: 'session.delivery.mark-delivered',
  text: `
update logout_delivery set
  attempts = attempts + 1, version = version + 1, last_attempt_at = clock_timestamp(), last_answer = $3,
  finished_at = clock_timestamp(), outcome = 'delivered'
where tenant_id = $1 and id = $2 and version = $5
returning record_event($4::jsonb, version, jsonb_build_object('data', jsonb_build_object('attempt', attempts)))`,
  parameters: (p) => [p.tenantId, p.id, p.answer, eventParameter(p.delivered), p.version],
  row: ignoredRow,
  records: true,
});

interface Failure extends Reference {
  readonly answer: string;
  /** Milliseconds until the next attempt; null where there is to be none. */
  readonly wait: number | null;
  readonly failed: RecordedEvent;
  readonly deadLettered: RecordedEvent;
}

/** Tried again later, or given up where later is over an hour after the first attempt. */
export const markFailed = statement<Failure, { dead: boolean }>({
  name: 'session.delivery.mark-failed',
  text: `
with attempt as (
  select tenant_id, id, moment,
    $4::integer is null
      or moment + $4::integer * interval '1 millisecond' >= coalesce(give_up_at, moment + interval '1 hour') as given_up
  from logout_delivery, (select clock_timestamp() as moment) now
  where tenant_id = $1 and id = $2 and version = $7
  for update of logout_delivery
)
update logout_delivery set
  attempts = attempts + 1, version = version + 1, last_attempt_at = moment, last_answer = $3,
  next_attempt_at = moment + coalesce($4::integer, 0) * interval '1 millisecond',
  give_up_at = coalesce(give_up_at, moment + interval '1 hour'),
  finished_at = case when given_up then moment end,
  outcome = case when given_up then 'dead_lettered' end
from attempt
where logout_delivery.tenant_id = attempt.tenant_id and logout_delivery.id = attempt.id
returning given_up as dead, record_event(case when given_up then $6::jsonb else $5::jsonb end, version,
  jsonb_build_object('data', jsonb_build_object('attempt', attempts)))`,
  parameters: (p) => [
    p.tenantId,
    p.id,
    p.answer,
    p.wait,
    eventParameter(p.failed),
    eventParameter(p.deadLettered),
    p.version,
  ],
  row: z.object({ dead: z.boolean() }),
  records: true,
});

const overdueRow = z.object({
  id: deliveryId,
  sessionId,
  accountId: accountId.nullable(),
  attempts: z.int(),
  version: int8,
});
export type Overdue = Readonly<z.infer<typeof overdueRow>>;

/**
 * Up to `limit` of a client's that are past their hour: an attempt that has just failed after its own stands for them, or the queue of a
 * client that never answers would grow faster than it can be tried. For one that was never tried it stands only where the client was tried
 * all through an hour, by ten attempts of its own or by one of another's in every ten minutes: it may have been us who were away.
 * Their events follow in the same transaction.
 */
export const giveUpOverdue = statement<ClientPlace & { answer: string; attempts: number; limit: number }, Overdue>({
  name: 'session.delivery.give-up-overdue',
  text: `
update logout_delivery set
  version = version + 1, finished_at = clock_timestamp(), outcome = 'dead_lettered', last_answer = coalesce(last_answer, $3)
from (
  select tenant_id, id from logout_delivery
  where tenant_id = $1 and client_id = $2 and finished_at is null and next_attempt_at <= (select clock_timestamp())
    and coalesce(give_up_at, created_at + interval '1 hour') <= clock_timestamp()
    and (give_up_at is not null or $5::integer >= 10 or (
      select count(distinct date_bin('10 minutes', last_attempt_at, 'epoch')) >= 6 from logout_delivery
      where tenant_id = $1 and client_id = $2 and finished_at is null
        and last_attempt_at > clock_timestamp() - interval '1 hour'
    ))
  order by next_attempt_at limit $4 for update skip locked
) overdue
where logout_delivery.tenant_id = overdue.tenant_id and logout_delivery.id = overdue.id
returning logout_delivery.id, session_id as "sessionId", account_id as "accountId", attempts, version`,
  parameters: (p) => [p.tenantId, p.clientId, p.answer, p.limit, p.attempts],
  row: overdueRow,
});

/** Nothing was tried, for a reason of ours: no attempt, no event, and the client's hour is as much longer. */
export const postpone = statement<Reference & Pick<DueDelivery, 'dueAt'> & { wait: number }, unknown>({
  name: 'session.delivery.postpone',
  text: `update logout_delivery set
    next_attempt_at = moment + $3::integer * interval '1 millisecond',
    give_up_at = give_up_at + (moment + $3::integer * interval '1 millisecond' - ${timestampOf('$5')})
  from (select clock_timestamp() as moment) now
  where tenant_id = $1 and id = $2 and version = $4 returning 1`,
  parameters: (p) => [p.tenantId, p.id, p.wait, p.version, p.dueAt],
  row: ignoredRow,
});

/** Up to `limit` of a client that is told of nothing, and never was: what was there before directory was asked, and no replica has beside this. */
export const dropUnwanted = statement<
  Reference & ClientPlace & Pick<DueDelivery, 'takenAt'> & { limit: number },
  unknown
>({
  name: 'session.delivery.drop-unwanted',
  text: `delete from logout_delivery where (tenant_id, id) in (
    select tenant_id, id from logout_delivery
    where tenant_id = $1 and client_id = $2 and finished_at is null and version = 0
      and created_at <= ${timestampOf('$5')} and (id = $4 or next_attempt_at <= (select clock_timestamp()))
    limit $3
    for update skip locked
  ) returning 1`,
  parameters: (p) => [p.tenantId, p.clientId, p.limit, p.id, p.takenAt],
  row: ignoredRow,
});
