import { forgetDeliveries } from '../deliveries/store/keep-deliveries.js';
import { endExpired, forget } from '../store/end-session.js';
import type { Database } from '@signet/persistence';
import type { SessionEnding } from './session-ending.js';

const batch = 1_000;

/** One round: ends what has expired and forgets what ended long ago, each a batch at a time until none is left. */
export async function sweep(database: Database, ending: SessionEnding): Promise<void> {
  for (;;) {
    const ended = await ending.end({
      statement: endExpired,
      parameters: { limit: batch },
      reason: 'expired',
      context: { actor: 'service:session' },
      raise: true,
    });
    if (ended.length < batch) break;
  }
  for (const over of [forget, forgetDeliveries])
    while ((await database.execute(over, { limit: batch })).length === batch);
}
