import { authnStateRestored, tenantId } from '@signet/contracts';
import { statement, type Transaction } from '@signet/persistence';
import type { EventFactory } from '@signet/service';
import { z } from 'zod';

const endOpenCodes = statement<undefined, string>({
  name: 'authn.setup.end-open',
  text: `update setup set expires_at = clock_timestamp() where claimed_at is null and expires_at > clock_timestamp()
    returning tenant_id as id`,
  parameters: () => [],
  row: z.object({ id: z.string() }).transform(({ id }) => id),
});

/** A code that makes an administrator may have been used since. */
export async function afterRestore(tx: Transaction, events: Pick<EventFactory, 'make'>): Promise<readonly string[]> {
  const ended = await tx.execute(endOpenCodes, undefined);
  for (const id of ended) {
    const context = { actor: 'operator:signet' } as const;
    await tx.record(events.make(authnStateRestored, { tenantId: tenantId.parse(id), context, data: {} }));
  }
  return ended.length === 0 ? [] : [`${ended.length} set-up codes are ended: "signet setup link" makes another`];
}
