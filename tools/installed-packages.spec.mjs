import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { packagesAreInstalled } from './installed-packages.mjs';

const lock = {
  '': { version: '0.1.0' },
  'libs/keys': { version: '0.1.0' },
  'node_modules/@signet/keys': { resolved: 'libs/keys', link: true },
  'node_modules/zod': { version: '4.0.0' },
  'node_modules/@swc/core-darwin-arm64': { version: '1.0.0', optional: true },
};
const { 'node_modules/@swc/core-darwin-arm64': _, ...here } = lock;

describe('packagesAreInstalled', () => {
  let root;
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'signet-packages-'));
    mkdirSync(path.join(root, 'node_modules'));
    writeFileSync(path.join(root, 'package-lock.json'), JSON.stringify({ packages: lock }));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('is false where an install did not come to its end', () => expect(packagesAreInstalled(root)).toBe(false));

  it('is true of this checkout, or each command would install anew', () => {
    expect(packagesAreInstalled(path.resolve(import.meta.dirname, '..'))).toBe(true);
  });

  it.each([
    ['everything but another platform’s package is there', here, true],
    ['a package has another version', { ...here, 'node_modules/zod': { version: '4.0.1' } }, false],
    ['a package is missing', { ...here, 'node_modules/zod': undefined }, false],
    ['a project has moved', { ...here, 'node_modules/@signet/keys': { resolved: 'libs/old', link: true } }, false],
  ])('knows when %s', (_case, packages, expected) => {
    writeFileSync(path.join(root, 'node_modules/.package-lock.json'), JSON.stringify({ packages }));
    expect(packagesAreInstalled(root)).toBe(expected);
  });
});
