import { clockBounds, secondsAhead, type DatabaseFacts } from '@signet/persistence';
import { ofDatabase } from '../per-service.js';
import { fault, ok, warning, type Verdict } from '../verdict.js';

export const judgeDatabaseClock = ({ clock }: Pick<DatabaseFacts, 'clock'>): Verdict =>
  judgeAhead(secondsAhead(clock.machine, clock.postgres), 'PostgreSQL');

/** `ahead`: seconds by which this machine's clock is before the other's. */
export function judgeAhead(ahead: number, other: string): Verdict {
  const seconds = Math.abs(ahead);
  const rounded = seconds < 10 ? seconds.toFixed(1) : seconds.toFixed(0);
  const found = `this machine is ${rounded} s ${ahead < 0 ? 'behind' : 'ahead of'} ${other}`;
  const advice = 'Let both machines follow NTP (chrony, systemd-timesyncd)';
  if (seconds > clockBounds.refused) return fault(found, `${advice}: a service refuses to start with this clock`);
  return seconds > clockBounds.warned ? warning(found, advice) : ok(found);
}

export const databaseClock = ofDatabase({
  name: 'database.clock',
  about: 'the clock of this machine is within 5 s of PostgreSQL’s; beyond 60 s a service does not start',
  judge: judgeDatabaseClock,
});
