import { int8, statement, type Database } from '@signet/persistence';
import { z } from 'zod';
import { leastId } from '../reading/find-entries.js';

/** Entries that one statement looks at. */
const batch = 1_000;
/** Milliseconds, well below the request's own limit. */
const patience = 2_000;

interface ErasedSubject {
  readonly tenantId: string;
  readonly accountId: string;
  readonly subject: string;
}

/**
 * Of the next `limit` entries of what tells of the account and of what it did, those whose personal part is under its key. How far that came
 * is kept with the key, which is destroyed: no entry that is appended since has a network.
 */
export const forgetNetworks = statement<ErasedSubject & { readonly limit: number }, { count: number }>({
  name: 'audit.entry.forget-networks',
  text: `
with reached as (
  select coalesce(networks_forgotten, '${leastId}') as id from subject_key where tenant_id = $1 and subject = $3 and key is null
), page as (
  (select id from entry where tenant_id = $1 and account = $2 and id > (select id from reached) order by id limit $4)
  union
  (select id from entry where tenant_id = $1 and actor = $3 and id > (select id from reached) order by id limit $4)
  order by id limit $4
), forgotten as (
  update entry set network_address = null, network_prefix = null
  where tenant_id = $1 and id = any(array(select id from page)) and (account = $2 or account is null) and network_prefix is not null
)
update subject_key set networks_forgotten = greatest(networks_forgotten, last.id)
from (select id from page order by id desc limit 1) as last where tenant_id = $1 and subject = $3
returning (select count(*) from page) as count`,
  parameters: (p) => [p.tenantId, p.accountId, p.subject, p.limit],
  row: z.object({ count: int8 }),
});

/** Of a subject whose key is destroyed. Whether nothing is left; otherwise the next call goes on. */
export async function forgetAllNetworks(
  database: Pick<Database, 'first'>,
  erased: ErasedSubject,
  milliseconds = patience,
): Promise<boolean> {
  const end = performance.now() + milliseconds;
  do {
    const page = await database.first(forgetNetworks, { ...erased, limit: batch });
    if (!page || page.count < batch) return true;
  } while (performance.now() < end);
  return false;
}
