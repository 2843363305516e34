const { existsSync } = require('node:fs');
const path = require('node:path');
const { loadBundle } = require('./code-cache.cjs');
const { sizeThreadPool } = require('./thread-pool.cjs');

/** The one script of all that runs here, as the program `name` needs it; undefined where it is not there. */
exports.loadPrograms = function loadPrograms(name) {
  sizeThreadPool();
  const file = path.join(__dirname, '../dist/bundle/programs.cjs');
  if (existsSync(file)) return loadBundle(file, name);
  console.error('signet is not built yet: run `npm run build` first.');
  process.exitCode = 1;
  return undefined;
};
