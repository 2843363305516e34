import { accountId, familyEnded, tenantId, type RecordedEvent } from '@signet/contracts';
import type { EventFactory } from '@signet/service';
import type { SweptFamily } from './store/sweep-families.js';

/** The events of families that are deleted, and that nothing had ended before; each with its version. */
export const endedFamilies = (
  families: readonly SweptFamily[],
  events: Pick<EventFactory, 'make'>,
  reason: 'expired' | 'account_erased',
): { event: RecordedEvent; version: number }[] =>
  families
    .filter((family) => !family.ended)
    .map((family) => ({
      version: family.version + 1,
      event: events.make(familyEnded, {
        tenantId: tenantId.parse(family.tenantId),
        aggregate: family.id,
        context: { actor: 'service:token' },
        client: family.clientId,
        account: accountId.parse(family.accountId),
        session: family.sessionId,
        data: {},
        reason,
      }),
    }));
