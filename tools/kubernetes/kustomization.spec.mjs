import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { render } from './kustomization.mjs';

const job = `kind: Job
metadata: { name: a }
spec: { template: { spec: { containers: [{ image: 'a:1', env: [{ name: A }] }] } } }
`;
let directory;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'signet-kustomization-'));
  writeFileSync(path.join(directory, 'job.yaml'), job);
});
afterEach(() => rmSync(directory, { recursive: true }));

const rendered = (text) => {
  writeFileSync(path.join(directory, 'kustomization.yaml'), `kind: Kustomization\nresources: [job.yaml]\n${text}`);
  return render(directory);
};
const patch = (operation, target = '{ kind: Job }') =>
  `patches:\n  - target: ${target}\n    patch: |-\n      - ${operation}\n`;
const env = '/spec/template/spec/containers/0/env';

describe('render', () => {
  it('puts objects into the namespace and gives containers the images', () => {
    const [job] = rendered('namespace: n\nimages: [{ name: a, newName: r.example/a, newTag: "2" }]\n');
    expect(job.metadata.namespace).toBe('n');
    expect(job.spec.template.spec.containers[0].image).toBe('r.example/a:2');
  });

  it('patches', () => {
    const envOf = ([job]) => job.spec.template.spec.containers[0].env;
    expect(envOf(rendered(patch(`{ op: test, path: ${env}/0/name, value: A }`)))).toEqual([{ name: 'A' }]);
    expect(envOf(rendered(patch(`{ op: replace, path: ${env}/0/name, value: B }`)))).toEqual([{ name: 'B' }]);
    expect(envOf(rendered(patch(`{ op: add, path: ${env}/-, value: { name: B } }`)))).toHaveLength(2);
    expect(envOf(rendered(patch(`{ op: add, path: ${env}/0/value, value: b }`)))).toEqual([{ name: 'A', value: 'b' }]);
  });

  it('patches each of several kinds, by their whole names', () => {
    const others = ['Deployment', 'JobSet'].map((kind) => `---\n${job.replace('kind: Job', `kind: ${kind}`)}`);
    appendFileSync(path.join(directory, 'job.yaml'), others.join(''));
    const labelled = rendered(
      patch('{ op: add, path: /metadata/labels, value: { a: b } }', '{ kind: Deployment|Job }'),
    );
    expect(labelled.filter(({ metadata }) => metadata.labels).map(({ kind }) => kind)).toEqual(['Job', 'Deployment']);
  });

  it('makes a ConfigMap of files', () => {
    const generator =
      'configMapGenerator: [{ name: c, files: [job.yaml], options: { disableNameSuffixHash: true } }]\n';
    expect(rendered(generator)[1]).toMatchObject({
      kind: 'ConfigMap',
      data: { 'job.yaml': expect.stringMatching(/^kind: Job/) },
    });
  });

  it('takes a component, which patches what is there and has objects of its own', () => {
    mkdirSync(path.join(directory, 'c'));
    writeFileSync(path.join(directory, 'c/account.yaml'), 'kind: ServiceAccount\nmetadata: { name: b }\n');
    const patches =
      patch(`{ op: add, path: ${env}/-, value: { name: B } }`) +
      '  - target: { kind: Deployment }\n    patch: |-\n      - { op: remove, path: /kind }\n';
    const text = (kind) => `kind: ${kind}\nresources: [account.yaml]\n${patches}`;
    writeFileSync(path.join(directory, 'c/kustomization.yaml'), text('Component'));
    const [job, account] = rendered('namespace: n\ncomponents: [c]\n');
    expect(job.spec.template.spec.containers[0].env).toEqual([{ name: 'A' }, { name: 'B' }]);
    expect(account).toEqual({ kind: 'ServiceAccount', metadata: { name: 'b', namespace: 'n' } });
    writeFileSync(path.join(directory, 'c/kustomization.yaml'), text('Kustomization'));
    expect(() => rendered('components: [c]\n')).toThrow('Kustomization');
  });

  it.each([
    ['a field', 'namePrefix: x-\n', 'namePrefix'],
    ['a target', patch(`{ op: test, path: /kind, value: Job }`, '{ labelSelector: a=b }'), 'labelSelector'],
    [
      'a regular expression',
      patch(`{ op: test, path: /kind, value: Job }`, '{ kind: J.b }'),
      'kind that is not understood here: J.b',
    ],
    ['an operation', patch(`{ op: remove, path: ${env} }`), 'does not hold'],
    ['a place in a list', patch(`{ op: add, path: ${env}/0, value: {} }`), 'does not hold'],
  ])('refuses %s that it does not understand', (_, text, reason) => {
    expect(() => rendered(text)).toThrow(reason);
  });

  it.each([
    ['nothing is patched', patch('{ op: test, path: /kind, value: Job }', '{ kind: Deployment }'), 'no object is'],
    ['another value is there', patch(`{ op: test, path: ${env}/0/name, value: B }`), 'does not hold'],
    ['nothing is there to replace', patch(`{ op: replace, path: ${env}/0/value, value: B }`), 'does not hold'],
    ['nothing is there to add to', patch('{ op: add, path: /spec/a/b, value: 1 }'), 'is not there'],
  ])('refuses a patch where %s', (_, text, reason) => {
    expect(() => rendered(text)).toThrow(reason);
  });
});
