import { ignoredRow, statement } from '@signet/persistence';

/** What the account has agreed to. Only once its floor is committed and what was under way then is over: nothing makes another grant of it after that. */
export const deleteGrants = statement<{ readonly tenantId: string; readonly accountId: string }, unknown>({
  name: 'token.grant.delete-of-account',
  text: 'delete from "grant" where tenant_id = $1 and account_id = $2 returning 1',
  parameters: (p) => [p.tenantId, p.accountId],
  row: ignoredRow,
});
