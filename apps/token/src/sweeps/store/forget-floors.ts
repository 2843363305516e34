import { ignoredRow, statement } from '@signet/persistence';

/** Seconds. A raise whose owner has not heard of its success is repeated for less long than this. */
const raisesKept = 90 * 86_400;

/**
 * Floors of tokens, instances and sessions that nothing is left of. A minute more than they need, for what was judged by a copy of
 * them. As long as a family stands, so does what ended it.
 */
export const forgetFloors = statement<{ readonly limit: number }, unknown>({
  name: 'token.floor.forget',
  text: `delete from floor where (tenant_id, kind, key) in (
    select f.tenant_id, f.kind, f.key from floor f
    where f.expires_at < clock_timestamp() - interval '60 seconds'
      and case f.kind
        when 'instance' then not exists (select from family where tenant_id = f.tenant_id and instance_id = f.key::uuid)
        when 'session' then not exists (select from family where tenant_id = f.tenant_id and session_id = f.key::uuid)
        else true end
    order by f.expires_at limit $1 for update skip locked
  ) returning 1`,
  parameters: ({ limit }) => [limit],
  row: ignoredRow,
});

export const forgetRaises = statement<{ readonly limit: number }, unknown>({
  name: 'token.raise.forget',
  text: `delete from raise where (tenant_id, id, kind, key) in (
    select tenant_id, id, kind, key from raise where raised_at < clock_timestamp() - ${raisesKept} * interval '1 second'
    order by raised_at limit $1 for update skip locked
  ) returning 1`,
  parameters: ({ limit }) => [limit],
  row: ignoredRow,
});
