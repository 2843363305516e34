import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { components, withComponents } from './components.mjs';
import { render } from './kustomization.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const all = [
  ...['base', 'routes/gateway', 'routes/ingress', 'jobs/database', 'jobs/configuration', 'jobs/command'],
  ...['overlays/quick', 'overlays/production', 'overlays/production/database', 'overlays/production/configuration'],
  ...['overlays/production/command', 'overlays/production/monitoring', 'monitoring/service-monitor'],
  'examples/edge-aws',
];

/** Where the type of an object is, made from Kubernetes' own description of it; of the Prometheus operator's, written here. */
function moduleOf({ apiVersion, kind }) {
  if (apiVersion.startsWith('monitoring.')) return path.join(import.meta.dirname, 'prometheus-operator.mjs');
  const models = apiVersion.startsWith('gateway.') ? '@kubernetes-models/gateway-api' : 'kubernetes-models';
  return `${models}/${apiVersion}/${kind}`;
}

/** What the compiler says of the objects as literals of their types: a field too many is a fault, too. */
function faultsOf(objects) {
  // Beneath the root, so that the types are found.
  mkdirSync(path.join(root, '.data'), { recursive: true, mode: 0o711 });
  const directory = mkdtempSync(path.join(root, '.data/manifests-'));
  try {
    const lines = objects.map(
      (object, index) =>
        `import type { I${object.kind} as T${index} } from '${moduleOf(object)}';\n` +
        `export const object${index}: T${index} = ${JSON.stringify(object, null, 2)};\n`,
    );
    const file = path.join(directory, 'manifests.mts');
    writeFileSync(file, lines.join('\n'));
    const flags = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2022'];
    const compiler = path.join(root, 'node_modules/typescript-native/bin/tsc');
    const { stdout, status } = spawnSync(process.execPath, [compiler, '--ignoreConfig', ...flags, '--types', '', file]);
    return status === 0 ? [] : String(stdout).trim().split('\n');
  } finally {
    rmSync(directory, { recursive: true });
  }
}

describe('k8s', () => {
  it('holds objects as Kubernetes and the Gateway API describe them', () => {
    const objects = [
      ...all.flatMap((directory) => render(path.join(root, 'k8s', directory))),
      ...components.flatMap((name) => Object.values(withComponents(name)).flat()),
    ];
    expect(objects.length).toBeGreaterThan(all.length);
    expect(faultsOf(objects)).toEqual([]);
  }, 60_000);

  it('would not with a field that there is not, or one of another type', () => {
    const [deployment] = render(path.join(root, 'k8s/base')).filter(({ kind }) => kind === 'Deployment');
    const misspelt = structuredClone(deployment);
    misspelt.spec.template.spec.containers[0].imagee = 'a:1';
    const [monitor] = render(path.join(root, 'k8s/monitoring/pod-monitor'));
    monitor.spec.podMetricsEndpoints[0].honourLabels = true;
    expect(faultsOf([monitor]).join('\n')).toContain('honourLabels');
    const mistyped = structuredClone(deployment);
    mistyped.spec.replicas = 'two';
    expect(faultsOf([misspelt]).join('\n')).toContain('imagee');
    expect(faultsOf([mistyped]).join('\n')).toContain("'string' is not assignable to type 'number'");
  }, 60_000);
});
