import { directoryStateRestored, tenantId } from '@signet/contracts';
import { int8, statement, type Transaction } from '@signet/persistence';
import type { EventFactory } from '@signet/service';
import { z } from 'zod';

const endInitialAccessTokens = statement<undefined, { id: string; tokens: number }>({
  name: 'directory.initial-access-token.end-all',
  text: `with ended as (
    update initial_access_token set uses_left = 0
    where uses_left > 0 and coalesce(expires_at > clock_timestamp(), true) returning tenant_id
  ) select tenant_id as id, count(*) as tokens from ended group by tenant_id`,
  parameters: () => [],
  row: z.object({ id: z.string(), tokens: int8 }),
});

/** They may have been used up since. */
export async function afterRestore(tx: Transaction, events: Pick<EventFactory, 'make'>): Promise<readonly string[]> {
  const ended = await tx.execute(endInitialAccessTokens, undefined);
  for (const { id, tokens } of ended) {
    const context = { actor: 'operator:signet' } as const;
    await tx.record(events.make(directoryStateRestored, { tenantId: tenantId.parse(id), context, data: { tokens } }));
  }
  const tokens = ended.reduce((sum, each) => sum + each.tokens, 0);
  return tokens === 0 ? [] : [`${tokens} initial access tokens are ended: "signet registration token" makes others`];
}
