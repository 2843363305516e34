import type { TenantId } from '@signet/contracts';
import type { Transaction } from '@signet/persistence';
import { ManagementProblem } from '@signet/service';
import { leastIdOf } from '../reading/find-entries.js';
import { firstSince } from './store/webhooks.js';

export type ReplayFrom = { readonly time: string } | { readonly position: number };

/** The index to go back to. Throws a problem for one that the webhook has not come to: nothing is ever passed over. */
export async function startOfReplay(
  tx: Pick<Transaction, 'first'>,
  tenantId: TenantId,
  from: ReplayFrom,
  next: number,
): Promise<number> {
  if ('time' in from) {
    const since = await tx.first(firstSince, { tenantId, leastId: leastIdOf(Date.parse(from.time)) });
    return Math.min(since?.index ?? next, next);
  }
  if (from.position <= next) return from.position;
  throw new ManagementProblem('invalid-object', 'The object is not valid', {
    errors: [{ pointer: '/from/position', detail: `is after entry ${next}, which the webhook comes to next` }],
  });
}
