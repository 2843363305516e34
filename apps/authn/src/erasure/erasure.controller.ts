import { Controller } from '@nestjs/common';
import { credentialsErased, forgetAccount } from '@signet/contracts';
import { Serves } from '@signet/messaging';
import { Database } from '@signet/persistence';
import { EventFactory } from '@signet/service';
import type { z } from 'zod';
import { forgetPassword } from '../store/password.js';

@Controller()
export class ErasureController {
  constructor(
    private readonly database: Database,
    private readonly events: EventFactory,
  ) {}

  @Serves(forgetAccount.authn)
  async forget({
    tenantId,
    accountId,
  }: z.output<typeof forgetAccount.authn.request>): Promise<z.input<typeof forgetAccount.authn.response>> {
    const erased = this.events.make(credentialsErased, {
      ...{ tenantId, account: accountId, context: { actor: 'service:authn' }, data: {} },
    });
    await this.database.execute(forgetPassword, { tenantId, accountId, erased });
    return {};
  }
}
