import { eventId, grantRevoked, newId, type EventContext, type TenantId } from '@signet/contracts';
import type { Database } from '@signet/persistence';
import type { EventFactory } from '@signet/service';
import type { Revocations } from '../floors/revocations.js';
import { forgetAgreement, type StoredGrant } from './store/stored-grants.js';

/** Takes back what an account lets a client have. */
export class GrantWithdrawals {
  constructor(
    private readonly deps: {
      readonly database: Pick<Database, 'execute'>;
      readonly events: Pick<EventFactory, 'make'>;
      readonly revocations: Pick<Revocations, 'raise'>;
    },
  ) {}

  /**
   * Resolves once it is withdrawn. The floor is what ends it, here and in every statement that issues; the agreement goes after it, so
   * that whatever comes between leaves nothing that counts.
   */
  async withdraw(tenantId: TenantId, grant: StoredGrant, context: EventContext): Promise<void> {
    const { grantId, accountId: account, clientId: client } = grant;
    const raiseId = newId(eventId);
    await this.deps.revocations.raise([{ kind: 'grant', raiseId, tenantId, grantId, reason: 'withdrawn' }], context);
    await this.deps.database.execute(forgetAgreement, {
      ...{ tenantId, grantId },
      revoked: this.deps.events.make(grantRevoked, {
        tenantId,
        aggregate: grantId,
        account,
        client,
        context,
        data: {},
      }),
    });
  }
}
