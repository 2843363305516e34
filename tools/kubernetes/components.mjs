import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { render } from './kustomization.mjs';

const k8s = path.resolve(import.meta.dirname, '../../k8s');

export const components = readdirSync(path.join(k8s, 'components'));

/**
 * What the production overlay and its Jobs come to with one component, switched on by taking their comments away.
 * @param {string} name
 * @returns {Record<string, Record<string, any>[]>}
 */
export function withComponents(name) {
  const copy = mkdtempSync(path.join(tmpdir(), 'signet-k8s-'));
  try {
    cpSync(k8s, copy, { recursive: true });
    const overlays = name.startsWith('kms-') ? ['.', 'configuration', 'command'] : ['.'];
    return Object.fromEntries(
      overlays.map((overlay) => {
        const directory = path.join(copy, 'overlays/production', overlay);
        switchOn(path.join(directory, 'kustomization.yaml'), name, overlay !== '.');
        return [path.join('production', overlay), render(directory)];
      }),
    );
  } finally {
    rmSync(copy, { recursive: true });
  }
}

/** The Jobs' overlays name one KMS, which stands for the one that is meant. */
function switchOn(file, name, isJob) {
  const before = readFileSync(file, 'utf8');
  const named = isJob ? before.replace('components/kms-vault', `components/${name}`) : before;
  const after = named
    .replace('\n# components:\n', '\ncomponents:\n')
    .replace(new RegExp(`^#( +- (?:\\.\\./)+components/${name})$`, 'm'), '$1');
  if (!after.includes('\ncomponents:\n') || !new RegExp(`^ +- .*${name}$`, 'm').test(after))
    throw new Error(`${file} says nothing of ${name}`);
  writeFileSync(file, after);
}
