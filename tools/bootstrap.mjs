import { spawnSync } from 'node:child_process';
import path from 'node:path';

import { fetchedNatsServer, findNatsServer } from './embedded-nats.mjs';
import { packagesAreInstalled } from './installed-packages.mjs';
import { withLock } from './pid-lock.mjs';
import { run, step, StepError } from './steps.mjs';

export const root = path.resolve(import.meta.dirname, '..');

/** Two runs in one checkout (a start and a test, say) take turns to install and to build. */
export function preparing(work) {
  const onWait = (pid) => console.log(`· waiting for process ${pid}, which is preparing this checkout`);
  return withLock(path.join(root, '.data/prepare.lock'), { onWait }, work);
}

/** Installs the packages of the lock file, running none of their scripts, unless they are there. */
export async function ensurePackages() {
  if (packagesAreInstalled(root)) return;
  await step('installing packages', () =>
    run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: root,
      advice: 'Check that the npm registry can be reached (npm ping), then start again.',
    }),
  );
}

/** Compiles what has changed since the last build, and bundles the one-process form of it. */
export async function build() {
  await step('building', async () => {
    await run(process.execPath, ['node_modules/typescript-native/bin/tsc', '-b'], {
      cwd: root,
      advice: 'The sources do not compile. If you have not changed them, delete the dist directories and start again.',
    });
    const { bundle } = await import('./bundle.mjs'); // needs packages, which a fresh clone had not when this file was loaded
    await bundle(root);
  });
}

/** Finds nats-server, or takes Debian's package apart into .data/bin. */
export async function ensureNatsServer() {
  const found = findNatsServer();
  if (found) return found;
  const advice = [
    'Install nats-server 2.10 or later (macOS: brew install nats-server; Windows: choco install nats-server;',
    'Debian 13, Ubuntu 24.04 or later: apt-get install nats-server), name one by NATS_SERVER_BIN, or set NATS_URL to a server that runs.',
  ].join('\n');
  if (spawnSync('apt-get', ['--version']).status !== 0) throw new StepError('nats-server was not found.', advice);
  await step("fetching nats-server (Debian's package, unpacked into .data/bin)", () =>
    run('sh', [path.join(root, 'tools/fetch-nats-server.sh'), fetchedNatsServer], { cwd: root, advice }),
  );
  return fetchedNatsServer;
}
