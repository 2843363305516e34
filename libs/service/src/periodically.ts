import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { ServiceLogger } from './observability/service-logger.js';

/** A provider that does `work` every `seconds` from the service's start to its stop, which waits for a round under way. */
export type Periodic = OnApplicationBootstrap & BeforeApplicationShutdown;

/** Rounds never overlap; one that fails is logged as `name` and tried again at its next time. */
export function periodically(
  name: string,
  seconds: number,
  logger: Pick<ServiceLogger, 'warn'>,
  work: () => Promise<void>,
): Periodic {
  let timer: NodeJS.Timeout | undefined;
  let round: Promise<void> | undefined;
  const run = () => {
    round ??= work()
      .catch((error: unknown) => {
        logger.warn(name, { error });
      })
      .finally(() => {
        round = undefined;
      });
  };
  return {
    onApplicationBootstrap: () => {
      timer = setInterval(run, seconds * 1_000);
    },
    beforeApplicationShutdown: async () => {
      clearInterval(timer);
      await round;
    },
  };
}
