#!/usr/bin/env node
const { existsSync } = require('node:fs');
const path = require('node:path');
const { loadBundle } = require('./code-cache.cjs');
const { sizeThreadPool } = require('./thread-pool.cjs');

sizeThreadPool();

const file = path.join(__dirname, '../dist/bundle/one-process.cjs');
if (existsSync(file)) {
  const bundle = loadBundle(file);
  void bundle.exports.runOneProcess({ afterOpen: () => bundle.keep() });
} else {
  console.error('signet is not built yet: run `npm run build` first.');
  process.exitCode = 1;
}
