import { Controller } from '@nestjs/common';
import { forgetAccount, plusSeconds, sessionsErased } from '@signet/contracts';
import { Serves } from '@signet/messaging';
import { Database } from '@signet/persistence';
import { EventFactory } from '@signet/service';
import type { z } from 'zod';
import { eraseDeliveriesOfAccount } from '../deliveries/store/keep-deliveries.js';
import { endOfAccount, eraseOfAccount } from '../store/end-session.js';
import { SessionEnding } from './session-ending.js';

const batch = 1_000;

@Controller()
export class ErasureController {
  constructor(
    private readonly database: Database,
    private readonly events: EventFactory,
    private readonly ending: SessionEnding,
  ) {}

  /** Ends what the account's floor has ended already, and keeps nothing of it for support either. */
  @Serves(forgetAccount.session)
  async forget({
    tenantId,
    accountId,
  }: z.output<typeof forgetAccount.session.request>): Promise<z.input<typeof forgetAccount.session.response>> {
    // Whenever they signed in: the account is gone.
    const until = plusSeconds(this.database.now(), 86_400);
    const parameters = { tenantId, accountId, until, spared: null, limit: batch };
    const ending = {
      ...{ statement: endOfAccount, parameters, reason: 'revoked' as const, raise: false },
      context: { actor: 'service:session' as const },
    };
    while ((await this.ending.end(ending)).length === batch);
    await this.database.run(async (tx) => {
      const sessions = (await tx.execute(eraseOfAccount, { tenantId, accountId })).length;
      const deliveries = (await tx.first(eraseDeliveriesOfAccount, { tenantId, accountId }))?.erased ?? 0;
      if (sessions === 0 && deliveries === 0) return;
      const context = { actor: 'service:session' as const };
      const data = { sessions, deliveries };
      await tx.record(this.events.make(sessionsErased, { tenantId, account: accountId, context, data }));
    });
    return {};
  }
}
