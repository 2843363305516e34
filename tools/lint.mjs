import './node-version.mjs';

import path from 'node:path';

import { ensurePackages, preparing, root } from './bootstrap.mjs';
import { main, passes, run, step } from './steps.mjs';

/** ESLint, which holds the boundaries between projects among its rules, and Prettier; both tell all that they find. */
const bin = (...parts) => path.join(root, 'node_modules', ...parts);

await main(async () => {
  await preparing(ensurePackages);
  // Without nx's graph of the projects the rule on their boundaries would say nothing.
  await step('reading the graph of the projects', () =>
    run(process.execPath, [bin('nx/dist/bin/nx.js'), 'show', 'projects'], {
      cwd: root,
      env: { ...process.env, NX_DAEMON: 'false' },
      advice: 'Delete the directory .nx and try again.',
    }),
  );
  const results = await Promise.all([
    passes(process.execPath, [bin('eslint/bin/eslint.js'), '.', '--max-warnings', '0'], { cwd: root }),
    passes(process.execPath, [bin('prettier/bin/prettier.cjs'), '--check', '.'], { cwd: root }),
  ]);
  return results.every(Boolean) ? 0 : 1;
});
