import { grantOperations, rfc3339, showId, type ShownGrant } from '@signet/contracts';
import { Database } from '@signet/persistence';
import { nothingThere, Operates, Operations, type Answer, type Input } from '@signet/service';
import { GrantWithdrawals } from './grant-withdrawals.js';
import { findGrant, listGrants, type StoredGrant } from './store/stored-grants.js';

/** `/admin/v1/grants` */
@Operations()
export class GrantOperations {
  constructor(
    private readonly database: Database,
    private readonly withdrawals: GrantWithdrawals,
  ) {}

  @Operates(grantOperations.list)
  async list({ caller, query, page }: Input<typeof grantOperations.list>): Promise<Answer<{ items: ShownGrant[] }>> {
    const rows = await this.database.execute(listGrants(caller.tenant.id, query, page.range), undefined);
    return { body: page.of(rows, shown, ({ grantId }) => [grantId]) };
  }

  @Operates(grantOperations.read)
  async read({ caller, parameters }: Input<typeof grantOperations.read>): Promise<Answer<ShownGrant>> {
    const found = await this.database.first(findGrant, { tenantId: caller.tenant.id, grantId: parameters.grant_id });
    if (!found) throw nothingThere();
    return { body: shown(found) };
  }

  @Operates(grantOperations.withdraw)
  async withdraw({ caller, parameters }: Input<typeof grantOperations.withdraw>): Promise<Answer<undefined>> {
    const tenantId = caller.tenant.id;
    const found = await this.database.first(findGrant, { tenantId, grantId: parameters.grant_id });
    if (!found) throw nothingThere();
    await this.withdrawals.withdraw(tenantId, found, caller.context);
    return { body: undefined };
  }
}

const shown = (grant: StoredGrant): ShownGrant => ({
  id: showId('gra', grant.grantId),
  account_id: showId('acc', grant.accountId),
  client_id: grant.clientId,
  scopes: [...grant.scopes],
  agreed_at: grant.agreedAt === null ? null : rfc3339(grant.agreedAt),
  created_at: rfc3339(grant.createdAt),
  last_used_at: grant.lastUsedAt === null ? null : rfc3339(grant.lastUsedAt),
});
