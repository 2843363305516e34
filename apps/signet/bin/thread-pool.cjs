const { availableParallelism } = require('node:os');

/** libuv's own default, for machines of fewer cores: file reads and name lookups wait on more than on a core. */
const fewest = 4;

/**
 * Gives libuv's pool, which RSA signatures come from, a thread for each core; what the environment says goes first. libuv reads the variable at the
 * pool's first use, and loading a first ES module is one: so this is CommonJS and runs before anything is imported.
 */
exports.sizeThreadPool = function sizeThreadPool(environment = process.env, cores = availableParallelism()) {
  environment.UV_THREADPOOL_SIZE ??= String(Math.max(fewest, cores));
};
