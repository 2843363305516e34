/** Milliseconds. */
const first = 1_000;
const longest = 300_000;

/**
 * Milliseconds until the next attempt after so many failed ones: 1, 2, 4 … seconds up to five minutes, each up to a quarter earlier, so that
 * what failed together does not come together. `random` is from 0 up to 1.
 */
export function waitAfter(attempts: number, random: () => number): number {
  const whole = Math.min(longest, first * 2 ** Math.min(attempts - 1, 20));
  return Math.round(whole * (1 - random() / 4));
}
