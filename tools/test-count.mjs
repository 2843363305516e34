import { realpathSync } from 'node:fs';

import { readIfThere } from './private-file.mjs';

/**
 * node tools/test-count.mjs <jest's JSON file> <exit code so far>
 *
 * Prints `N passed, N failed`; exits with 1 if anything failed or was left out. A suite that could not run is a failure, and so
 * is a test that was skipped: what is missing for a test fails it.
 */
export function count(results) {
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests, numTodoTests } = results;
  return {
    passed: numPassedTests,
    failed: numFailedTests + numRuntimeErrorTestSuites + numPendingTests + numTodoTests,
  };
}

if (realpathSync(process.argv[1]) === import.meta.filename) {
  const [file, status] = process.argv.slice(2);
  const text = readIfThere(file);
  const { passed, failed } = text === undefined ? { passed: 0, failed: 0 } : count(JSON.parse(text));
  // A step that failed is a failure of its own.
  const failures = failed === 0 && status !== '0' ? 1 : failed;
  console.log(`\n${passed} passed, ${failures} failed`);
  process.exitCode = failures === 0 ? 0 : 1;
}
