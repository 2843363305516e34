import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { root } from '../bootstrap.mjs';
import { run } from '../steps.mjs';

/** Runs the built `signet` command and gives what it prints. */
export function signet(words, env, advice) {
  const args = [path.join(root, 'apps/signet/bin/signet.cjs'), ...words];
  return run(process.execPath, args, { cwd: root, env: { ...process.env, ...env }, advice });
}

/**
 * Tells whether what a command gave still holds: a digest of the built libraries that it speaks for, and of its input. Asking
 * the command itself would cost half a second of each start.
 */
export function digestOf(libraries, input) {
  const hash = createHash('sha256').update(JSON.stringify(input));
  for (const library of libraries) hash.update(readFileSync(path.join(root, 'libs', library, 'dist/.tsbuildinfo')));
  return hash.digest('hex');
}
