import { Controller } from '@nestjs/common';
import { forgetAccount, grantsErased } from '@signet/contracts';
import { Serves } from '@signet/messaging';
import { Database } from '@signet/persistence';
import { EventFactory } from '@signet/service';
import type { z } from 'zod';
import { endedFamilies } from '../sweeps/ended-families.js';
import { deleteFamilies, lockFamiliesOfAccount } from '../sweeps/store/sweep-families.js';
import { deleteGrants } from './store/delete-grants.js';

type Forgetting = z.output<typeof forgetAccount.token.request>;

const batch = 500;

/**
 * The floors of an erased account stay, since they name it by its id alone. Codes, devices and pushed requests go with their partitions,
 * a day or two after they were made.
 */
@Controller()
export class ErasureController {
  constructor(
    private readonly database: Database,
    private readonly events: EventFactory,
  ) {}

  @Serves(forgetAccount.token)
  async forget(account: Forgetting): Promise<z.input<typeof forgetAccount.token.response>> {
    while ((await this.someFamilies(account)) === batch);
    await this.database.run(async (tx) => {
      const grants = (await tx.execute(deleteGrants, account)).length;
      if (grants === 0) return;
      const { tenantId, accountId } = account;
      const context = { actor: 'service:token' as const };
      await tx.record(this.events.make(grantsErased, { tenantId, account: accountId, context, data: { grants } }));
    });
    return {};
  }

  private someFamilies(account: Forgetting): Promise<number> {
    return this.database.run(async (tx) => {
      const families = await tx.execute(lockFamiliesOfAccount, { ...account, limit: batch });
      const ended = endedFamilies(families, this.events, 'account_erased');
      if (families.length > 0) await tx.execute(deleteFamilies, { families, ended });
      return families.length;
    });
  }
}
