import { readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';

import { services } from '../quick-start/secrets.mjs';
import { render } from './kustomization.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file) => readFileSync(path.join(root, file), 'utf8');
const production = render(path.join(root, 'k8s/overlays/production'));
const ofKind = (objects, kind) => objects.filter((object) => object.kind === kind);

describe('k8s/examples/nats-values.yaml', () => {
  const { config, podTemplate, container, reloader, natsBox } = parse(read('k8s/examples/nats-values.yaml'));
  const certificates = parseAllDocuments(read('k8s/examples/certificates.yaml')).map((document) => document.toJS());

  it('has pods that the namespace admits', () => {
    const [namespace] = ofKind(production, 'Namespace');
    expect(namespace.metadata.labels['pod-security.kubernetes.io/enforce']).toBe('restricted');
    expect(podTemplate.merge.spec.securityContext).toMatchObject({
      ...{ runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000 },
      seccompProfile: { type: 'RuntimeDefault' },
    });
    for (const { merge } of [container, reloader]) {
      expect(merge.securityContext).toEqual({ allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } });
      expect(merge.resources).toEqual({ requests: expect.anything(), limits: expect.anything() });
    }
    expect(natsBox).toEqual({ enabled: false });
  });

  it('has passwords of a Secret that is mounted where they are included from', () => {
    expect(JSON.stringify(config)).not.toMatch(/password|"users"/);
    const included = path.resolve('/etc/nats-config', config.merge['00$include']);
    const [mount] = container.patch.map(({ value }) => value);
    const [volume] = podTemplate.patch.map(({ value }) => value);
    expect([mount.name, mount.mountPath]).toEqual([volume.name, path.dirname(included)]);
    // A path within the Secret would not be brought up to date.
    expect(mount).not.toHaveProperty('subPath');
    const row = new RegExp(`^\\| \`${volume.secret.secretName}\` +\\| \`${path.basename(included)}\``, 'm');
    expect(read('docs/operations/kubernetes.md')).toMatch(row);
  });

  it('has as many servers as the services ask for copies', () => {
    for (const { spec } of ofKind(production, 'Deployment')) {
      const { value } = spec.template.spec.containers[0].env.find(({ name }) => name === 'SIGNET_NATS_REPLICAS');
      expect(value).toBe(String(config.cluster.replicas));
    }
  });

  it('has the certificate of the names by which its servers and we come to it', () => {
    const { secretName } = config.cluster.tls;
    const { spec } = certificates.find((document) => document.spec.secretName === secretName);
    expect(spec.usages).toEqual(['server auth', 'client auth']);
    expect(spec.dnsNames).toEqual(expect.arrayContaining(['nats', '*.nats-headless']));
    expect(read('k8s/examples/nats-values.yaml')).toContain('helm install nats nats/nats -n signet');
  });

  it('is for the version of the chart that is installed', () => {
    const [values, page] = ['k8s/examples/nats-values.yaml', 'docs/operations/kubernetes.md'].map(
      (file) => /helm install nats nats\/nats -n signet --version (1\.\d+\.\d+) -f/.exec(read(file))[1],
    );
    expect(page).toBe(values);
  });
});

it('k8s/examples/postgres.yaml has room for as many replicas as there may be, and one more of each service', () => {
  const ofOne = Number(/defaultPoolSize = (\d+);/.exec(read('libs/persistence/src/database.ts'))[1]) + 1;
  const { postgresql, resources } = parse(read('k8s/examples/postgres.yaml')).spec;
  const most = ofKind(production, 'HorizontalPodAutoscaler').reduce((sum, { spec }) => sum + spec.maxReplicas, 0);
  expect(Number(postgresql.parameters.max_connections)).toBeGreaterThanOrEqual(ofOne * (most + services.length) + 20);
  expect(resources).toEqual({ requests: expect.anything(), limits: expect.anything() });
});
