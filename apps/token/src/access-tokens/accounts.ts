import type { Account, AccountId, TenantId } from '@signet/contracts';
import type { DirectoryCopies } from '@signet/service';
import type { Floors } from '../floors/floors.js';

/** Accounts, never in a version that is older than a committed change. */
export class Accounts {
  constructor(
    private readonly copies: Pick<DirectoryCopies, 'account'>,
    private readonly floors: Pick<Floors, 'minVersion'>,
  ) {}

  async find(tenantId: TenantId, id: AccountId): Promise<Account | undefined> {
    return this.copies.account(tenantId, id, await this.floors.minVersion(tenantId, 'account_version', id));
  }
}
