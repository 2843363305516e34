import type { Examined } from './examined.js';
import { fault, type Check, type Finding } from './verdict.js';
import { patience, within } from './within.js';

/** All of them at once, each for itself: one that fails is a finding of its own. */
export async function runChecks(checks: readonly Check[], examined: Examined): Promise<Finding[]> {
  const found = await Promise.all(checks.map((check) => runCheck(check, examined)));
  return found.flat();
}

async function runCheck(check: Check, examined: Examined): Promise<readonly Finding[]> {
  try {
    // A look of its own comes after the one that all share.
    const found = await within(check.run(examined), 2 * patience);
    return found.map((finding) => ({ check: check.name, ...finding }));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [
      {
        check: check.name,
        subject: '',
        ...fault(`the check failed: ${reason}`, 'Look at what the other checks say, and run it again'),
      },
    ];
  }
}
