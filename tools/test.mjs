import './node-version.mjs';

import { spawn } from 'node:child_process';

import { build, ensureNatsServer, ensurePackages, preparing, root } from './bootstrap.mjs';
import { watchNpm } from './npm-parent.mjs';
import { main } from './steps.mjs';
import { ensureTestPrograms } from './test-programs.mjs';

/**
 * node tools/test.mjs [part of a path …] [jest's options …]
 *
 * `e2e` stands for apps/e2e. Without a path everything runs. Unit and integration specs read the TypeScript sources; what
 * drives built processes gets a build first.
 */
const args = process.argv.slice(2).map((arg) => (arg === 'e2e' ? 'apps/e2e' : arg));
const paths = args.filter((arg) => !arg.startsWith('-'));
const needsPrograms = paths.length === 0 || paths.some((part) => part.includes('apps/e2e'));
const needsBuild = needsPrograms || paths.some((part) => part.includes('apps/signet'));

await main(async () => {
  await preparing(async () => {
    await ensurePackages();
    if (process.env.TEST_NATS_URL === undefined) await ensureNatsServer();
    if (needsBuild) await build();
  });
  if (needsPrograms) await ensureTestPrograms();
  return jest();
});

function jest() {
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
  const child = spawn(process.execPath, [...flags, ...args], { cwd: root, stdio: 'inherit' });
  process.on('SIGINT', () => {}); // the terminal sends it to jest as well
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  const release = watchNpm(() => child.kill('SIGTERM'));
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1))).finally(release);
}
