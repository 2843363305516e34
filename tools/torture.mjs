import { spawn } from 'node:child_process';

import { root } from './bootstrap.mjs';

/**
 * node tools/torture.mjs [minutes] [seed]
 *
 * Kills, restarts and wipes parts of a plane under load, and holds what was acknowledged against the audit log. An hour where nothing is said.
 */
const [minutes = '60', seed = String(Math.floor(Math.random() * 2 ** 31))] = process.argv.slice(2);
console.log(`${minutes} minutes; to draw the same storms again: npm run torture -- ${minutes} ${seed}`);
const child = spawn(process.execPath, ['tools/test.mjs', 'apps/e2e/test/torture'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, SIGNET_TORTURE_MINUTES: minutes, SIGNET_TORTURE_SEED: seed },
});
process.on('SIGINT', () => {}); // the terminal sends it to the tests as well
child.once('exit', (code) => {
  process.exitCode = code ?? 1;
});
