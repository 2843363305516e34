import path from 'node:path';

import { describe, expect, it } from '@jest/globals';
import { keyManagementSettings } from '@signet/service';

import { services } from '../quick-start/secrets.mjs';
import { components, withComponents } from './components.mjs';
import { containersOf, render } from './kustomization.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const ofKind = (objects, ...kinds) => objects.filter(({ kind }) => kinds.includes(kind));
const workloadsOf = (objects) => ofKind(objects, 'Deployment', 'Job');
const env = (workload) =>
  Object.fromEntries(containersOf(workload).flatMap(({ env }) => env.map(({ name, value }) => [name, value])));
const kms = components.filter((name) => name.startsWith('kms-'));

/** The one policy that a component brings, and whom it is about. */
function policyOf(objects, name) {
  const [policy] = ofKind(objects, 'NetworkPolicy').filter(({ metadata }) => metadata.name === name);
  return { ...policy.spec, about: policy.spec.podSelector.matchExpressions[0].values };
}

describe.each(kms)('%s', (name) => {
  const overlays = withComponents(name);

  it('lets out all who open the keyring, and no other', () => {
    const open = Object.values(overlays)
      .flatMap(workloadsOf)
      .map(({ spec }) => spec.template.metadata.labels['app.kubernetes.io/component']);
    for (const objects of Object.values(overlays)) {
      const { about, egress, policyTypes, podSelector } = policyOf(objects, 'signet-to-kms');
      expect(about).toEqual([...services, 'configuration', 'command']);
      expect(new Set(about)).toEqual(new Set(open));
      expect(policyTypes).toEqual(['Egress']);
      expect(podSelector.matchLabels).toEqual({ 'app.kubernetes.io/part-of': 'signet' });
      for (const { to, ports } of egress) expect(Math.min(to.length, ports.length)).toBeGreaterThan(0);
    }
  });

  it('tells each the same, and gives each its own account', () => {
    const workloads = Object.values(overlays).flatMap(workloadsOf);
    const accounts = Object.values(overlays).flatMap((objects) => ofKind(objects, 'ServiceAccount'));
    expect(accounts).toHaveLength(workloads.length);
    expect(new Set(accounts.map(({ metadata }) => JSON.stringify(metadata.annotations))).size).toBe(1);
    const told = workloads.map((workload) => JSON.stringify(keyManagementSettings(env(workload))));
    expect(new Set(told).size).toBe(1);
  });
});

it('kms-vault has each sign in by a token that it mounts, for Vault alone', () => {
  for (const workload of Object.values(withComponents('kms-vault')).flatMap(workloadsOf)) {
    const { vault, authority } = keyManagementSettings(env(workload));
    const { jwtFile } = vault.credentials;
    expect(vault).toMatchObject({ address: expect.stringMatching(/^https:.*:8200$/), credentials: { role: 'signet' } });
    const { volumes, containers } = workload.spec.template.spec;
    const [mount] = containers[0].volumeMounts.filter(({ mountPath }) => mountPath === path.dirname(jwtFile));
    const { sources } = volumes.find(({ name }) => name === mount.name).projected;
    expect(sources[0].serviceAccountToken).toMatchObject({ audience: 'vault', path: path.basename(jwtFile) });
    expect(path.join(mount.mountPath, sources[1].secret.items[0].path)).toBe(authority);
  }
});

it('tracing tells the services of a collector, and lets them out to it', () => {
  const objects = withComponents('tracing').production;
  const { about, egress } = policyOf(objects, 'signet-to-tracing');
  expect(about).toEqual(services);
  expect(egress[0].to).toEqual([{ namespaceSelector: { matchLabels: { 'signet-tracing': 'true' } } }]);
  for (const deployment of ofKind(objects, 'Deployment'))
    expect(new URL(env(deployment).OTEL_EXPORTER_OTLP_ENDPOINT).port).toBe(String(egress[0].ports[0].port));
});

it('audit-archive gives audit alone a volume that all its replicas write to', () => {
  const objects = withComponents('audit-archive').production;
  const [claim] = ofKind(objects, 'PersistentVolumeClaim');
  expect(claim.spec.accessModes).toEqual(['ReadWriteMany']);
  const told = ofKind(objects, 'Deployment').filter((deployment) => env(deployment).SIGNET_AUDIT_ARCHIVE);
  expect(told.map(({ metadata }) => metadata.name)).toEqual(['signet-audit']);
  const { volumes, containers } = told[0].spec.template.spec;
  const { name } = volumes.find((volume) => volume.persistentVolumeClaim?.claimName === claim.metadata.name);
  const mount = { name, mountPath: env(told[0]).SIGNET_AUDIT_ARCHIVE };
  expect(containers[0].volumeMounts).toContainEqual(mount);
});

it.each(components)('%s takes nothing away, and holds no Secret', (name) => {
  for (const [overlay, objects] of Object.entries(withComponents(name))) {
    const without = render(path.join(root, 'k8s/overlays', overlay));
    const names = (list) => list.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(names(objects)).toEqual(expect.arrayContaining(names(without)));
    expect(ofKind(objects, 'Secret')).toEqual([]);
    for (const { metadata } of objects.filter(({ kind }) => kind !== 'Namespace'))
      expect(metadata.namespace).toBe('signet');
  }
});
