import { eventId, newId, tenantId, tokenStateRestored, type TenantId } from '@signet/contracts';
import type { Transaction } from '@signet/persistence';
import type { EventFactory } from '@signet/service';
import { Revocations } from '../floors/revocations.js';
import { redate, raiseTimed } from '../floors/store/raise.js';
import { dropPending, forgetConsents, raiseEpoch, skipStatusIndices, tenantsAtAll } from './restoration-statements.js';

const batch = 500;
const context = { actor: 'operator:signet' } as const;

/**
 * Ends all that rests on a sign-in from before: the epoch refuses every refresh token, also of families that the backup does not know, and a
 * floor of each tenant whatever carries a `since`. What a person has agreed to may have been withdrawn since; what waits may have been spent.
 */
export async function afterRestore(tx: Transaction, events: Pick<EventFactory, 'make'>): Promise<readonly string[]> {
  const epoch = await tx.first(raiseEpoch, undefined);
  if (epoch === undefined) throw new TypeError('there is one epoch');
  const tenants = (await tx.execute(tenantsAtAll, undefined)).map((id) => tenantId.parse(id));
  const forgotten = new Map(
    (await tx.execute(forgetConsents, undefined)).map(({ tenantId: id, consents }) => [id, consents] as const),
  );
  await tx.execute(dropPending, undefined);
  await tx.execute(skipStatusIndices, undefined);
  for (const tenant of tenants) {
    const data = { epoch, consents: forgotten.get(tenant) ?? 0 };
    await tx.record(events.make(tokenStateRestored, { tenantId: tenant, context, data }));
  }
  for (let from = 0; from < tenants.length; from += batch) await endAll(tx, events, tenants.slice(from, from + batch));
  const consents = [...forgotten.values()].reduce((sum, count) => sum + count, 0);
  return [
    `epoch ${epoch}: no refresh token of before is taken`,
    `${tenants.length} ${tenants.length === 1 ? 'tenant' : 'tenants'}: sessions, codes and access tokens of before are dead; ${consents} consents are forgotten`,
  ];
}

async function endAll(
  tx: Transaction,
  events: Pick<EventFactory, 'make'>,
  tenants: readonly TenantId[],
): Promise<void> {
  const floors = tenants.map((tenant) => {
    const raiseId = newId(eventId);
    return Revocations.raiseOf({ kind: 'tenant', raiseId, tenantId: tenant, reason: 'restored' }, context, events);
  });
  await tx.execute(raiseTimed, floors);
  // No service runs, so nothing that began before can be committed later: dated at once, and not by whoever starts next.
  await tx.execute(redate, floors);
}
