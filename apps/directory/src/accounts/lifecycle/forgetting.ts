import {
  accountId,
  accountKeepers,
  forgetAccount,
  tenantId,
  type AccountId,
  type AccountKeeper,
  type TenantId,
} from '@signet/contracts';
import type { Requester } from '@signet/messaging';
import { ignoredRow, statement, type Database } from '@signet/persistence';
import type { ServiceLogger } from '@signet/service';
import { z } from 'zod';

/** Seconds after which whatever was under way when the floors were seen to be committed is over: no statement lives longer than three. */
const settled = 5;
const batch = 100;

interface Unforgotten {
  readonly tenantId: TenantId;
  readonly accountId: AccountId;
  readonly keeper: AccountKeeper;
}

/** As long as its floors are not committed, a keeper could be given anew what it has just forgotten. */
const seeFloors = statement<undefined, unknown>({
  name: 'directory.unforgotten.see-floors',
  text: `update unforgotten set floors_seen_at = clock_timestamp()
    where floors_seen_at is null and not exists (select from unraised_floor where unraised_floor.id = unforgotten.raise_id)`,
  parameters: () => [],
  row: ignoredRow,
});

const findUnforgotten = statement<{ limit: number; after: Unforgotten | undefined; settled: number }, Unforgotten>({
  name: 'directory.unforgotten.find',
  text: `select tenant_id as "tenantId", account_id as "accountId", keeper from unforgotten
    where floors_seen_at <= clock_timestamp() - $2 * interval '1 second'
      and ($3::uuid is null or (tenant_id, account_id, keeper) > ($3, $4, $5))
    order by tenant_id, account_id, keeper limit $1`,
  parameters: ({ limit, after, settled: seconds }) => [
    ...[limit, seconds],
    ...[after?.tenantId ?? null, after?.accountId ?? null, after?.keeper ?? null],
  ],
  row: z.object({ tenantId, accountId, keeper: z.enum(accountKeepers) }),
});

const dropUnforgotten = statement<Unforgotten, unknown>({
  name: 'directory.unforgotten.drop',
  text: 'delete from unforgotten where tenant_id = $1 and account_id = $2 and keeper = $3',
  parameters: (p) => [p.tenantId, p.accountId, p.keeper],
  row: ignoredRow,
});

/**
 * Tells every service to forget the accounts that were erased, again and again until each has answered: like unraised floors, what is to be
 * forgotten is a row of the erasure's own transaction, and no event has to arrive for it.
 */
export class Forgetting {
  constructor(
    private readonly on: {
      readonly database: Pick<Database, 'execute'>;
      readonly requester: Pick<Requester, 'request'>;
      readonly logger: Pick<ServiceLogger, 'warn'>;
      readonly settled?: number;
    },
  ) {}

  /** One round over all that is to be forgotten; a service that does not answer keeps back no other. */
  async round(): Promise<void> {
    await this.on.database.execute(seeFloors, undefined);
    let after: Unforgotten | undefined;
    const away = new Set<AccountKeeper>();
    do {
      const seconds = this.on.settled ?? settled;
      const rows = await this.on.database.execute(findUnforgotten, { limit: batch, after, settled: seconds });
      for (const row of rows) if (!away.has(row.keeper) && !(await this.#tell(row))) away.add(row.keeper);
      after = rows.length === batch ? rows.at(-1) : undefined;
    } while (after !== undefined);
  }

  async #tell(row: Unforgotten): Promise<boolean> {
    const { database, requester, logger } = this.on;
    const { tenantId: tenant, accountId: account, keeper } = row;
    try {
      await requester.request(forgetAccount[keeper], { tenantId: tenant, accountId: account });
    } catch (error) {
      logger.warn('accounts.unforgotten', { keeper, error });
      return false;
    }
    await database.execute(dropUnforgotten, row);
    return true;
  }
}
