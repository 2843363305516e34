import type { Micros } from '@signet/contracts';
import type { PersistenceLogger } from './connection-pool.js';
import { UnfitServer } from './errors.js';

/**
 * Seconds between the machine's clock and PostgreSQL's. Nothing is issued or accepted by the machine's; but ids begin with it, keys of the
 * keyring begin to be used by it, certificates are judged by it. Below the first bound that is of no account.
 */
export const clockBounds = { warned: 5, refused: 60 } as const;

/** Seconds by which the machine's clock is ahead. `wall`: milliseconds since the epoch. */
export const secondsAhead = (wall: number, postgres: Micros): number => wall / 1_000 - postgres / 1_000_000;

export function assertClock(wall: number, postgres: Micros, logger: PersistenceLogger | undefined): void {
  const ahead = secondsAhead(wall, postgres);
  const seconds = Math.abs(Math.round(ahead));
  if (seconds <= clockBounds.warned) return;
  const reason = `the clock of this machine is ${seconds} s ${ahead > 0 ? 'ahead of' : 'behind'} PostgreSQL's: let both follow NTP`;
  if (seconds > clockBounds.refused)
    throw new UnfitServer(`${reason.replace(/^t/, 'T')} (chrony, systemd-timesyncd), then start again.`);
  logger?.warn({ reason }, 'clock_differs');
}
