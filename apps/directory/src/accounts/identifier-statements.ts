import { accountId, type AccountId, type TenantId } from '@signet/contracts';
import { statement } from '@signet/persistence';
import { z } from 'zod';

/** Which of these identifiers are somebody's, or were: a deleted account keeps its own, and of an erased one they are known by their keyed hash. */
export const findTakenIdentifiers = statement<
  { tenantId: TenantId; identifierKeys: readonly string[] },
  { identifierKey: string; accountId: AccountId }
>({
  name: 'directory.identifier.find-taken',
  text: `
select identifier_key as "identifierKey", account_id as "accountId" from account_identifier
where tenant_id = $1 and identifier_key = any($2::text[])
union all
select wanted.identifier_key, erased.account_id
from tenant cross join unnest($2::text[]) as wanted (identifier_key)
join erased_identifier erased
  on erased.tenant_id = tenant.id and erased.hash = erased_identifier_hash(tenant.identifier_hash_key, wanted.identifier_key)
where tenant.id = $1`,
  parameters: (p) => [p.tenantId, p.identifierKeys],
  row: z.object({ identifierKey: z.string(), accountId }),
});
