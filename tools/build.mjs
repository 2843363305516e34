import './node-version.mjs';

import { build, ensurePackages, preparing } from './bootstrap.mjs';
import { main } from './steps.mjs';

/** JavaScript of every project in its dist/, and the one-process form as one script. */
await main(() =>
  preparing(async () => {
    await ensurePackages();
    await build();
  }),
);
