import { periodically, type Periodic, type ServiceLogger } from '@signet/service';
import type { Floors } from './floors.js';

/** Seconds. */
const every = 0.25;

/** Polls four times a second; an outage is told when it begins and when it is over, not each time. */
export function floorPolling(floors: Pick<Floors, 'poll'>, logger: Pick<ServiceLogger, 'warn' | 'info'>): Periodic {
  let failing = false;
  return periodically('floors.unread', every, logger, async () => {
    try {
      await floors.poll();
      if (failing) logger.info('floors.read_again');
      failing = false;
    } catch (error) {
      if (!failing) logger.warn('floors.unread', { error });
      failing = true;
    }
  });
}
