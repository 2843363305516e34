import type { Account, AccountId, TenantId } from '@signet/contracts';
import { digests } from '@signet/keys';
import { MeshError } from '@signet/messaging';
import { DatabaseUnavailable } from '@signet/persistence';
import { subjectFor } from '@signet/protocol';
import type { DirectoryCopies } from '@signet/service';
import { tenantKey } from '../floors/dead.js';
import type { Floors } from '../floors/floors.js';

/** Accounts and what clients see of them, never in a version that is older than a committed change. */
export class Accounts {
  constructor(
    private readonly copies: Pick<DirectoryCopies, 'account' | 'clientWithSecrets'>,
    private readonly floors: Pick<Floors, 'minVersion'>,
  ) {}

  async find(tenantId: TenantId, id: AccountId): Promise<Account | undefined> {
    const minVersion = await this.floors.minVersion(tenantId, 'account_version', id);
    const minAuthority = await this.floors.minVersion(tenantId, 'authority_version', tenantKey);
    return this.copies.account(tenantId, id, minVersion, minAuthority);
  }

  /** The `sub` that the client sees of the account; undefined where there is no such client. */
  async subject(account: Account, clientId: string): Promise<string | undefined> {
    const { tenantId } = account;
    const minVersion = await this.floors.minVersion(tenantId, 'client_version', clientId);
    const client = await this.copies.clientWithSecrets(tenantId, clientId, minVersion);
    return client && subjectFor(account, client, digests);
  }
}

/** What is asked for, or undefined where directory or Postgres is away: for tokens that say less rather than not be made. */
export async function ifAtHand<T>(ask: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof DatabaseUnavailable || (error instanceof MeshError && error.code === 'unavailable'))
      return undefined;
    throw error;
  }
}
