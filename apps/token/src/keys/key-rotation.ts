import type { DatabaseClock } from '@signet/persistence';
import { periodically, type DirectoryCopies, type Periodic, type ServiceLogger } from '@signet/service';
import { isDue } from './key-schedule.js';
import { keyAlgorithms, type KeySets } from './key-sets.js';

/** Seconds between two looks. */
const every = 600;

/** Replaces keys that have reached the age that their tenant's policy names. */
export async function rotateDueKeys(
  keys: Pick<KeySets, 'keys' | 'rotate' | 'tenantIds'>,
  copies: Pick<DirectoryCopies, 'tenantById'>,
  clock: Pick<DatabaseClock, 'now'>,
): Promise<void> {
  for (const tenantId of keys.tenantIds()) {
    const tenant = await copies.tenantById(tenantId);
    if (!tenant?.enabled) continue;
    for (const alg of keyAlgorithms) {
      const ofAlgorithm = keys.keys(tenantId).filter((key) => key.alg === alg);
      if (!isDue(ofAlgorithm, tenant.policies.keys.rotateAfter, clock.now())) continue;
      await keys.rotate(tenantId, alg, { reason: 'policy', context: { actor: 'service:token' } });
    }
  }
}

export const keyRotation = (
  keys: KeySets,
  copies: DirectoryCopies,
  clock: DatabaseClock,
  logger: ServiceLogger,
): Periodic => periodically('keys.unrotated', every, logger, () => rotateDueKeys(keys, copies, clock));
