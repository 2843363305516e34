import { fault, ok, warning, type Verdict } from './verdict.js';

const day = 24 * 3_600_000;

/** Both in milliseconds since the epoch. */
export function judgeEnd(ends: number, now: number): Verdict {
  const days = Math.floor((ends - now) / day);
  const date = new Date(ends).toISOString().slice(0, 10);
  const advice = 'Renew it, and see that whatever renews it by itself still does (docs/operations/tls.md)';
  if (ends <= now) return fault(`it ended on ${date}`, advice);
  return days < 14 ? warning(`it ends on ${date}, in ${days} days`, advice) : ok(`valid until ${date}`);
}
