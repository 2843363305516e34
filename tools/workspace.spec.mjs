import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { missingFromLock, packagesWithScripts } from './lock-check.mjs';

const root = path.resolve(import.meta.dirname, '..');
const read = (...parts) => JSON.parse(readFileSync(path.join(root, ...parts), 'utf8'));
const manifest = read('package.json');
const lock = read('package-lock.json');

const projects = ['apps', 'libs', 'examples'].flatMap((parent) =>
  readdirSync(path.join(root, parent))
    .map((name) => `${parent}/${name}`)
    .filter((directory) => existsSync(path.join(root, directory, 'package.json'))),
);
const manifests = [
  ['the root', manifest],
  ...projects.map((directory) => [directory, read(directory, 'package.json')]),
];
const dependenciesOf = ({ dependencies, devDependencies, optionalDependencies }) =>
  Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });

describe('each project', () => {
  const layers = [
    ...['protocol', 'pure', 'contracts', 'seam', 'kit', 'app'],
    ...['composition', 'test', 'e2e', 'example'],
  ];

  it.each(projects)('%s has a layer and its own scope, by which the boundaries hold', (directory) => {
    const tags = read(directory, 'package.json').nx?.tags ?? [];
    expect(tags.filter((tag) => layers.includes(tag.replace(/^layer:/, '')))).toHaveLength(1);
    expect(tags.filter((tag) => tag.startsWith('scope:'))).toHaveLength(1);
  });

  it.each(projects)('%s references in tsconfig.json the projects that it depends on', (directory) => {
    const directories = new Map(projects.map((other) => [read(other, 'package.json').name, other]));
    const ownDependencies = dependenciesOf(read(directory, 'package.json')).filter(([name]) => directories.has(name));
    const references = (read(directory, 'tsconfig.json').references ?? []).map(({ path: to }) =>
      path.join(directory, to),
    );
    expect(references.sort()).toEqual(ownDependencies.map(([name]) => directories.get(name)).sort());
  });
});

describe('dependencies', () => {
  const all = manifests.flatMap(([where, content]) =>
    dependenciesOf(content).map(([name, version]) => ({ where, name, version })),
  );

  it('have exact versions', () => {
    expect(all.filter(({ version }) => !/^(npm:[@\w/-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  });

  it('have the same version everywhere', () => {
    const versions = byName(all);
    const divided = [...versions].filter(([, uses]) => new Set(uses.map(({ version }) => version)).size > 1);
    expect(divided).toEqual([]);
  });

  it('are all in the lock file, those of other platforms too', () => {
    expect(missingFromLock(lock)).toEqual([]);
  });

  it('run no script at their installation', () => {
    expect(Object.entries(manifest.allowScripts).filter(([, allowed]) => allowed)).toEqual([]);
    expect(Object.keys(manifest.allowScripts).sort()).toEqual(packagesWithScripts(lock));
  });
});

describe('missingFromLock', () => {
  it('names an optional package that is not there', () => {
    const packages = {
      'node_modules/a': { version: '1.0.0', optionalDependencies: { '@a/linux': '1.0.0', '@a/mac': '1.0.0' } },
    };
    expect(missingFromLock({ packages: { ...packages, 'node_modules/@a/linux': {} } })).toEqual([
      'node_modules/a 1.0.0: @a/mac@1.0.0',
    ]);
  });
});

function byName(uses) {
  const groups = new Map();
  for (const use of uses) groups.set(use.name, [...(groups.get(use.name) ?? []), use]);
  return groups;
}
