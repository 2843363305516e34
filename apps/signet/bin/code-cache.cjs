const { createHash } = require('node:crypto');
const { readFileSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');
const vm = require('node:vm');

/**
 * Runs a bundle as a CommonJS module, with the code that V8 made of it in an earlier run where that is at hand: compiling it anew costs more than
 * all else that a start does. `keep` writes what has been compiled by then, for the next run, where no such code was at hand.
 *
 * The code lies beside the bundle, in `<file>.<program>.cache`: each program compiles what it uses. Whatever is wrong with it, or with the place where it
 * should be written, costs time and nothing else.
 */
exports.loadBundle = function loadBundle(file, program) {
  // ASCII, as the bundler writes it: one byte a character, in memory too.
  const source = readFileSync(file, 'latin1');
  const cache = codeCache(`${file}.${program}.cache`, source);
  const cachedData = cache.read();
  const script = new vm.Script(source, {
    filename: file,
    ...(cachedData && { cachedData }),
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, path.dirname(file));
  const cached = cachedData !== undefined && script.cachedDataRejected === false;
  return {
    exports: module.exports,
    /** Whether code of an earlier run was used. */
    cached,
    keep: () => {
      if (!cached) cache.write(script.createCachedData());
    },
  };
};

const digestLength = 32;

/** Code of one source, for one Node: V8 itself compares no more of a source than its length, and trusts what it is given. */
function codeCache(file, source) {
  const made = source.slice(0, source.indexOf('\n'));
  const digestOf = (code) =>
    createHash('sha256').update(`${made} ${source.length} ${process.version} ${process.arch}`).update(code).digest();
  return {
    read() {
      try {
        const content = readFileSync(file);
        const code = content.subarray(0, -digestLength);
        return digestOf(code).equals(content.subarray(-digestLength)) ? code : undefined;
      } catch {
        return undefined;
      }
    },
    write(code) {
      const written = `${file}.${process.pid}`;
      try {
        // Complete or not there: others may read it, or write it, at the same time.
        writeFileSync(written, Buffer.concat([code, digestOf(code)]));
        renameSync(written, file);
      } catch {
        rmSync(written, { force: true });
      }
    },
  };
}
