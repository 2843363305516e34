import './node-version.mjs';

import path from 'node:path';

import { build, ensurePackages, preparing, root } from './bootstrap.mjs';
import { composeWords, withProject } from './containers/compose-project.mjs';
import { engineFault } from './containers/engine.mjs';
import { main, passes, run, step, StepError } from './steps.mjs';

const advice =
  'What was started is taken down again. Its ports (8443, 9090, 3030) and its network (10.214.97.0/24) must be free: stop your own `docker compose` first.';

/**
 * npm run test:containers: builds the images, runs docker-compose.yml as a project of its own, and holds it against apps/e2e/test/containers.
 * Fails where no container engine answers.
 */
await main(async () => {
  const fault = engineFault();
  if (fault !== undefined) throw new StepError(fault);
  // The terminal sends it to what runs as well; that fails then, and everything is taken down.
  process.on('SIGINT', () => {});
  await preparing(async () => {
    await ensurePackages();
    await build();
  });
  const { composeFiles } = await import('./compose-files.mjs');
  await composeFiles(path.join(root, '.data/compose'));
  const docker = (what, words) => step(what, () => run('docker', words, { cwd: root, advice, mayOutliveUs: true }));
  return (await withProject({ docker, work: holds, told })) ? 0 : 1;
});

function holds() {
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
  return passes(process.execPath, [...flags, '--config', 'tools/containers/jest.config.mjs'], { cwd: root });
}

/** Of a failure, what the containers said last. */
function told() {
  return passes('docker', composeWords('logs', '--no-color', '--tail', '40'), { cwd: root });
}
