/** Seconds after each failed attempt: the schedule of Standard Webhooks, ten attempts within 76 hours. */
const delays = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
/** Seconds; of what a receiver may ask for. */
const longest = 86_400;

/**
 * Milliseconds until the next attempt after so many failed ones, up to a tenth later, so that what failed together does not come together;
 * as late as the receiver asked, in seconds, where that is later. Null: there is to be none. `random` is from 0 up to 1.
 */
export function waitAfter(attempts: number, retryAfter: number | undefined, random: () => number): number | null {
  const delay = delays[attempts - 1];
  if (delay === undefined) return null;
  return Math.round(Math.max(delay, Math.min(retryAfter ?? 0, longest)) * (1 + random() / 10) * 1_000);
}
