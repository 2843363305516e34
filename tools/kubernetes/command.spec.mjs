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
      expect(volumes).toEqual(pod.volumes);
      expect(container.volumeMounts).toEqual(pod.containers[0].volumeMounts);
      expect(pod.containers[0].env).toEqual(expect.arrayContaining(container.env));
    }
  });

  it('is run once', () => {
    expect([job.spec.backoffLimit, job.spec.template.spec.restartPolicy]).toEqual([0, 'Never']);
  });
});
