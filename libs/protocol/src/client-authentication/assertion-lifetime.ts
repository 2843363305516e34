import { fromSeconds } from '../clock.js';
import type { Micros } from '../clock.js';

/** Seconds that clocks may differ by. */
const tolerance = 60;

/** Seconds: an `exp` further away than this would have its `jti` remembered for too long. */
const assertionLifetime = 600;

/**
 * RFC 7523 section 3, items 4 to 6, on NumericDates. Undefined for a time that is as it must be, else which of them is not.
 */
export const assertionTimeFault = (
  times: { readonly exp: number; readonly nbf?: number | undefined; readonly iat?: number | undefined },
  now: Micros,
): 'expired' | 'lifetime' | 'not_yet_valid' | 'issued_in_future' | undefined => {
  const at = (seconds: number): Micros => fromSeconds(seconds);
  if (at(times.exp + tolerance) <= now) return 'expired';
  if (at(times.exp) > now + at(assertionLifetime)) return 'lifetime';
  if (times.nbf !== undefined && at(times.nbf - tolerance) > now) return 'not_yet_valid';
  if (times.iat !== undefined && at(times.iat - tolerance) > now) return 'issued_in_future';
  return undefined;
};
