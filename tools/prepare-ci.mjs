import './node-version.mjs';

import { ensureNatsServer, ensurePackages, preparing } from './bootstrap.mjs';
import { main } from './steps.mjs';
import { ensureTestPrograms } from './test-programs.mjs';

/** What `.ci/run` needs before its first step. */
await main(async () => {
  await preparing(async () => {
    await ensurePackages();
    await ensureNatsServer();
  });
  await ensureTestPrograms();
});
