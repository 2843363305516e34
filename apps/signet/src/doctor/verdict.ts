import type { Examined } from './examined.js';

/** `fault`: something does not work, or does not hold what Signet promises. `warning`: it works, and should be looked at. */
export type State = 'ok' | 'warning' | 'fault';

/** What a check says of one thing that it looked at. */
export interface Verdict {
  readonly state: State;
  /** What was found. Never a secret. */
  readonly found: string;
  /** What to do; none where it is ok. */
  readonly advice?: string;
}

export const ok = (found: string): Verdict => ({ state: 'ok', found });
export const warning = (found: string, advice: string): Verdict => ({ state: 'warning', found, advice });
export const fault = (found: string, advice: string): Verdict => ({ state: 'fault', found, advice });

export interface Finding extends Verdict {
  readonly check: string;
  /** A service, a file, a URL without what is secret in it. */
  readonly subject: string;
}

/** One thing that is looked at. */
export interface Check {
  readonly name: string;
  /** What it holds to be right, as the documentation has it. */
  readonly about: string;
  run(examined: Examined): Promise<readonly Omit<Finding, 'check'>[]>;
}
