import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { loadBundle } from './code-cache.cjs';

const bundleOf = (digest, value) =>
  `// ${digest}\n(function (exports, require, module, __filename, __dirname) {\nexports.value = () => ${value};\n})\n`;

let directory;
let file;
let cache;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'signet-code-cache-'));
  file = path.join(directory, 'bundle.cjs');
  cache = `${file}.program.cache`;
  writeFileSync(file, bundleOf('one', 1));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** Loads the bundle and keeps its code, as a start does. */
function start(program = 'program') {
  const { exports, cached, keep } = loadBundle(file, program);
  const value = exports.value();
  keep();
  return { value, cached };
}

describe('loadBundle', () => {
  it('uses in a second run the code of the first', () => {
    expect(start()).toEqual({ value: 1, cached: false });
    expect(start()).toEqual({ value: 1, cached: true });
    expect(readdirSync(directory)).toEqual(['bundle.cjs', 'bundle.cjs.program.cache']);
  });

  it('uses none of another program, which may have compiled little of what this one needs', () => {
    start('other');
    expect(start()).toEqual({ value: 1, cached: false });
  });

  it('uses none of another bundle, of the same length too', () => {
    start();
    writeFileSync(file, bundleOf('two', 2));
    expect(start()).toEqual({ value: 2, cached: false });
    expect(start()).toEqual({ value: 2, cached: true });
  });

  it.each([
    ['a byte of which has changed', (code) => code.with(code.length >> 1, code[code.length >> 1] ^ 1)],
    ['the end of which is missing', (code) => code.subarray(0, -1)],
    ['of which nothing is there', () => new Uint8Array()],
  ])('uses none %s, and makes it anew', (_, damage) => {
    start();
    const whole = readFileSync(cache);
    writeFileSync(cache, damage(whole));
    expect(start()).toEqual({ value: 1, cached: false });
    expect(start()).toEqual({ value: 1, cached: true });
  });

  it('goes without where none can be kept', () => {
    mkdirSync(cache); // for root, too, no place for a file
    expect(start()).toEqual({ value: 1, cached: false });
    expect(start()).toEqual({ value: 1, cached: false });
    expect(readdirSync(directory)).toEqual(['bundle.cjs', 'bundle.cjs.program.cache']);
  });

  it('gives the bundle what a CommonJS module has', () => {
    writeFileSync(
      file,
      '// x\n(function (exports, require, module, __filename, __dirname) {\nmodule.exports = { __filename, __dirname, sep: require("node:path").sep };\n})\n',
    );
    expect(loadBundle(file).exports).toEqual({ __filename: file, __dirname: directory, sep: path.sep });
  });
});
