import { Controller } from '@nestjs/common';
import { forgetAccount, personalKeyDestroyed } from '@signet/contracts';
import { Serves } from '@signet/messaging';
import { Database } from '@signet/persistence';
import { EventFactory } from '@signet/service';
import type { z } from 'zod';
import { destroySubjectKey, subjectOfAccount } from './subject-keys.js';

/** The log itself stays as it is; what it tells of a person personally can be read by nobody any more. */
@Controller()
export class ErasureController {
  constructor(
    private readonly database: Database,
    private readonly events: EventFactory,
  ) {}

  @Serves(forgetAccount.audit)
  async forget({
    tenantId,
    accountId,
  }: z.output<typeof forgetAccount.audit.request>): Promise<z.input<typeof forgetAccount.audit.response>> {
    const destroyed = this.events.make(personalKeyDestroyed, {
      ...{ tenantId, account: accountId, context: { actor: 'service:audit' }, data: {} },
    });
    await this.database.execute(destroySubjectKey, { tenantId, subject: subjectOfAccount(accountId), destroyed });
    return {};
  }
}
