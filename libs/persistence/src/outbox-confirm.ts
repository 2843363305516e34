import { z } from 'zod';
import { statement } from './statement.js';

/** Versions behind one that is confirmed that may come at once: what waits behind those comes as these are confirmed. */
const mostFollowing = 100;

// What waited for these comes at once: by itself it would after half its age. Whether anything waits is asked once, as mostly nothing does; ids go by
// arrays, or Postgres would read the whole outbox for a number of rows that it does not know; and nobody is waited for who has a row of them under way.
export const confirm = statement<readonly string[], { id: string }>({
  name: 'persistence.outbox.confirm',
  text: `with confirmed as (
      delete from outbox where id = any($1::uuid[]) returning id, tenant_id, aggregate, aggregate_version
    ), following as materialized (
      select waiting.id from (
        select tenant_id, aggregate, max(aggregate_version) as version from confirmed
        where (select true from outbox where set_aside = 'waits' order by tenant_id, aggregate, aggregate_version limit 1)
        group by tenant_id, aggregate
      ) as taken cross join lateral (
        select id from outbox
        where set_aside = 'waits' and tenant_id = taken.tenant_id and aggregate = taken.aggregate
          and aggregate_version > taken.version and aggregate_version <= taken.version + ${mostFollowing}
          and sent_at > statement_timestamp()
        order by tenant_id, aggregate, aggregate_version
        for no key update skip locked
      ) as waiting
    ), hastened as (
      update outbox set sent_at = statement_timestamp() - interval '31 seconds' where id = any(array(select id from following))
    )
    select id from confirmed`,
  parameters: (ids) => [ids],
  row: z.object({ id: z.string() }),
});
