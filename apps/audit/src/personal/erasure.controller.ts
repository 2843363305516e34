import { Controller } from '@nestjs/common';
import { forgetAccount, personalKeyDestroyed } from '@signet/contracts';
import { MeshError, Serves } from '@signet/messaging';
import { Database } from '@signet/persistence';
import { EventFactory } from '@signet/service';
import type { z } from 'zod';
import { holdAppends } from '../log/log-statements.js';
import { forgetAllNetworks } from './forgotten-networks.js';
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
    const erased = { tenantId, accountId, subject: subjectOfAccount(accountId) };
    // The key first: whatever comes later has neither personal part nor network.
    await this.database.run(async (tx) => {
      // What is being appended under the key is there first, and what comes later finds it gone.
      await tx.execute(holdAppends, undefined);
      await tx.execute(destroySubjectKey, { ...erased, destroyed });
    });
    if (!(await forgetAllNetworks(this.database, erased)))
      throw new MeshError('unavailable', 'not every network is forgotten yet: ask again');
    return {};
  }
}
