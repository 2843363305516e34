import path from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { services } from '../quick-start/secrets.mjs';
import { render } from './kustomization.mjs';

const rendered = (overlay) => render(path.resolve(import.meta.dirname, '../../k8s/overlays', overlay));
const ofKind = (objects, kind) => objects.filter((object) => object.kind === kind);

describe('the Job of a command', () => {
  const [job] = ofKind(rendered('production/command'), 'Job');
  const { containers, volumes } = job.spec.template.spec;
  const [container] = containers;

  it('has of the services and of the operator what it may need', () => {
    const secrets = [...services, 'operator'].map((name) => ({ secretRef: { name: `signet-${name}` } }));
    expect(container.envFrom).toEqual(secrets);
  });

  it('finds keyring, authorities and certificates where they do, and is told the same', () => {
    for (const { spec } of ofKind(rendered('production'), 'Deployment')) {
      const pod = spec.template.spec;
      expect(volumes.filter(({ name }) => name !== 'state')).toEqual(pod.volumes);
      expect(container.volumeMounts.filter(({ name }) => name !== 'state')).toEqual(pod.containers[0].volumeMounts);
      const told = container.env.filter(({ name }) => name !== 'XDG_STATE_HOME');
      expect(pod.containers[0].env).toEqual(expect.arrayContaining(told));
    }
  });

  it('may write what it has seen, and nothing else', () => {
    const [writable, ...others] = container.volumeMounts.filter(({ readOnly }) => readOnly !== true);
    expect(others).toEqual([]);
    expect(container.env).toContainEqual({ name: 'XDG_STATE_HOME', value: writable.mountPath });
    expect(volumes.find(({ name }) => name === writable.name)).toHaveProperty(['emptyDir', 'sizeLimit']);
  });

  it('is run once', () => {
    expect([job.spec.backoffLimit, job.spec.template.spec.restartPolicy]).toEqual([0, 'Never']);
  });
});
