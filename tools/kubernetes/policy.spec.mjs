import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';

import { services } from '../quick-start/secrets.mjs';
import { containersOf, render } from './kustomization.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const rendered = (directory) => render(path.join(root, 'k8s', directory));
const overlays = [
  ...['quick', 'production', 'production/database', 'production/configuration', 'production/command'],
  'production/monitoring',
];
const ofKind = (objects, ...kinds) => objects.filter(({ kind }) => kinds.includes(kind));
const workloadsOf = (objects) => ofKind(objects, 'Deployment', 'StatefulSet', 'Job');

const workloads = overlays.flatMap((overlay) => {
  const objects = rendered(`overlays/${overlay}`);
  return workloadsOf(objects).map((workload) => [`${overlay}: ${workload.metadata.name}`, workload, objects]);
});
const containers = workloads.flatMap(([name, workload]) =>
  containersOf(workload).map((container) => [`${name}: ${container.name}`, container, workload]),
);

describe('each pod', () => {
  it.each(workloads)('%s is held to the restricted standard', (_, { spec }) => {
    const pod = spec.template.spec;
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(pod.securityContext.runAsUser).toBeGreaterThan(0);
    for (const shared of ['hostNetwork', 'hostPID', 'hostIPC', 'shareProcessNamespace'])
      expect(pod).not.toHaveProperty(shared);
    expect((pod.volumes ?? []).filter((volume) => 'hostPath' in volume)).toEqual([]);
  });

  it.each(workloads)('%s has an account of its own, and no token of it', (_, { spec }, objects) => {
    const { serviceAccountName, automountServiceAccountToken } = spec.template.spec;
    const account = ofKind(objects, 'ServiceAccount').find(({ metadata }) => metadata.name === serviceAccountName);
    expect([automountServiceAccountToken, account?.automountServiceAccountToken]).toEqual([false, false]);
  });

  it.each(workloads)('%s is given no variables of other Services, whose names begin with SIGNET_', (_, { spec }) => {
    expect(spec.template.spec.enableServiceLinks).toBe(false);
  });
});

describe('each container', () => {
  it.each(containers)('%s has no privilege, and writes to no image', (_, { securityContext, ports = [] }) => {
    expect(securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(ports.filter((port) => 'hostPort' in port)).toEqual([]);
  });

  it.each(containers)('%s has requests and limits', (_, { resources }) => {
    const both = { cpu: expect.any(String), memory: expect.any(String) };
    expect(resources).toEqual({ requests: both, limits: both });
  });

  it.each(containers)('%s is of a version', (_, { image }) => {
    expect(image).toMatch(/^[^:@]+:(?!latest$)[\w.-]+$/);
  });

  it.each(containers)('%s has its secrets by reference', (_, { env = [] }) => {
    const secret = env.filter(({ name }) => /^(DATABASE|NATS)_URL|PASSWORD|_SECRET/.test(name));
    expect(secret.filter(({ valueFrom }) => valueFrom?.secretKeyRef === undefined)).toEqual([]);
  });

  const lasting = containers.filter(
    ([, container, { kind, spec }]) => kind !== 'Job' && spec.template.spec.containers.includes(container),
  );
  it.each(lasting)('%s is asked whether it has started, is ready and lives', (_, container) => {
    for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe'])
      expect(container).toHaveProperty([probe, 'periodSeconds']);
  });

  // One late answer is none: what makes one replica slow makes all of them slow, and they would go together.
  it.each(lasting)('%s is not taken out for one answer', (_, { readinessProbe }) => {
    // Kubernetes' own.
    const { timeoutSeconds = 1, failureThreshold = 3, httpGet } = readinessProbe;
    expect(failureThreshold).toBeGreaterThanOrEqual(3);
    if (httpGet?.port === 'management') expect(timeoutSeconds).toBeGreaterThanOrEqual(3);
  });
});

it.each(overlays)('%s holds no Secret', (overlay) => {
  expect(ofKind(rendered(`overlays/${overlay}`), 'Secret')).toEqual([]);
});

describe('the five services', () => {
  const objects = rendered('base');
  const production = rendered('overlays/production');
  const read = (service) => readFileSync(path.join(root, `k8s/base/${service}.yaml`), 'utf8');

  it('are one form, but for their names and the memory of the one that hashes passwords', () => {
    const form = (service) => {
      const named = read(service).replaceAll(service, 'NAME').replaceAll(service.toUpperCase(), 'NAME');
      const documents = parseAllDocuments(named).map((document) => document.toJS());
      const [{ spec }] = ofKind(documents, 'Deployment');
      delete spec.template.spec.containers[0].resources.limits.memory;
      return documents;
    };
    for (const service of services) expect(form(service)).toEqual(form('token'));
  });

  it.each(services)('%s has two replicas and more, apart from each other, and loses one at a time', (service) => {
    const own = objects.filter(({ metadata }) => metadata.name === `signet-${service}`);
    const [deployment, autoscaler, budget] = ['Deployment', 'HorizontalPodAutoscaler', 'PodDisruptionBudget'].map(
      (kind) => ofKind(own, kind)[0],
    );
    const { labels } = deployment.spec.template.metadata;
    expect(autoscaler.spec.scaleTargetRef).toMatchObject({ kind: 'Deployment', name: deployment.metadata.name });
    expect(autoscaler.spec.minReplicas).toBeGreaterThanOrEqual(2);
    // Each apply would undo what the autoscaler has done.
    expect(deployment.spec).not.toHaveProperty('replicas');
    expect(deployment.spec.selector.matchLabels).toEqual(labels);
    expect(budget.spec).toEqual({ maxUnavailable: 1, selector: { matchLabels: labels } });
    const spread = deployment.spec.template.spec.topologySpreadConstraints;
    expect(spread.map(({ topologyKey }) => topologyKey)).toContain('kubernetes.io/hostname');
    for (const { labelSelector } of spread) expect(labelSelector.matchLabels).toEqual(labels);
  });

  it('may take as long to end as they take', () => {
    const source = readFileSync(path.join(root, 'libs/service/src/launch/launch.ts'), 'utf8');
    const stopLimit = Number(/stopLimit = ([\d_]+);/.exec(source)[1].replaceAll('_', '')) / 1_000;
    for (const { spec } of ofKind(production, 'Deployment')) {
      const { terminationGracePeriodSeconds, containers } = spec.template.spec;
      const drain = containers[0].env.find(({ name }) => name === 'SIGNET_DRAIN').value;
      expect(terminationGracePeriodSeconds).toBeGreaterThan(Number(drain) + stopLimit);
    }
  });

  it('are where the routes lead', () => {
    const ports = new Map(ofKind(objects, 'Service').map(({ metadata, spec }) => [metadata.name, spec.ports[0].port]));
    const gateway = ofKind(production, 'HTTPRoute').flatMap(({ spec }) =>
      spec.rules.flatMap(({ backendRefs }) => backendRefs.map(({ name, port }) => [name, port])),
    );
    const ingress = rendered('routes/ingress').flatMap(({ spec }) =>
      spec.rules[0].http.paths.map(({ backend }) => [backend.service.name, backend.service.port.number]),
    );
    for (const [name, port] of [...gateway, ...ingress]) expect([name, ports.get(name)]).toEqual([name, port]);
    expect(new Set(gateway.map(([name]) => name))).toEqual(new Set(ports.keys()));
  });
});

describe('network policies', () => {
  const policies = new Map(
    ofKind(rendered('base'), 'NetworkPolicy').map(({ metadata, spec }) => [metadata.name, spec]),
  );
  /** Components that a policy is about; undefined for all. */
  const about = (name) => policies.get(name).podSelector.matchExpressions?.[0].values;

  it.each(['base', 'overlays/quick'])(
    'of %s allow nothing by themselves, and nothing without both ends',
    (directory) => {
      const all = ofKind(rendered(directory), 'NetworkPolicy');
      const closed = all.find(({ metadata }) => metadata.name === 'signet-nothing-else').spec;
      const everything = { matchLabels: { 'app.kubernetes.io/part-of': 'signet' } };
      expect(closed).toEqual({ podSelector: everything, policyTypes: ['Ingress', 'Egress'] });
      const rules = all.flatMap(({ spec }) => [...(spec.ingress ?? []), ...(spec.egress ?? [])]);
      // An end that is left out is every one.
      for (const { from, to, ports = [] } of rules)
        expect(Math.min((from ?? to ?? []).length, ports.length)).toBeGreaterThan(0);
      for (const { spec } of workloadsOf(rendered(directory)))
        expect(spec.template.metadata.labels).toMatchObject(everything.matchLabels);
    },
  );

  it('let in the edge and Prometheus, and no service to another', () => {
    const ours = [...policies].filter(([, { podSelector }]) => 'app.kubernetes.io/part-of' in podSelector.matchLabels);
    const ingress = ours.filter(([, { ingress }]) => ingress).map(([name]) => name);
    expect(ingress).toEqual(['signet-from-edge', 'signet-from-monitoring']);
    for (const name of ingress)
      for (const { from } of policies.get(name).ingress)
        for (const peer of from) expect(Object.keys(peer)).toEqual(['namespaceSelector']);
  });

  it('let the services to Postgres and NATS, and each Job to the one that it needs', () => {
    expect(about('signet-to-postgres')).toEqual([...services, 'database', 'command']);
    expect(about('signet-to-nats')).toEqual([...services, 'configuration', 'command']);
    expect(about('signet-to-dns')).toBeUndefined();
  });

  /** Who comes to which ports of a server. */
  const into = (name) => {
    expect(policies.get(name).policyTypes).toEqual(['Ingress']);
    return policies.get(name).ingress.flatMap(({ from, ports }) =>
      from.map(({ podSelector, namespaceSelector, ...others }) => {
        expect(others).toEqual({});
        return [(podSelector ?? namespaceSelector).matchLabels, ports.map(({ port }) => port)];
      }),
    );
  };
  const us = { 'app.kubernetes.io/part-of': 'signet' };
  const monitoring = { 'signet-monitoring': 'true' };

  it('let nobody into NATS but us and consumers, who have no way to its routes, and Prometheus', () => {
    const nats = { 'app.kubernetes.io/name': 'nats' };
    expect(policies.get('nats-from-signet').podSelector.matchLabels).toEqual(nats);
    expect(policies.get('signet-to-nats').egress[0].to).toEqual([{ podSelector: { matchLabels: nats } }]);
    expect(into('nats-from-signet')).toEqual([
      [us, [4222]],
      [{ 'signet-audit-consumer': 'true' }, [4222]],
      [nats, [6222]],
      [monitoring, [8222, 7777]],
    ]);
  });

  it('let nobody into Postgres but us, its operator and Prometheus', () => {
    const cluster = { 'cnpg.io/cluster': 'signet-postgres' };
    expect(policies.get('postgres-from-signet').podSelector.matchLabels).toEqual(cluster);
    expect(policies.get('signet-to-postgres').egress[0].to).toEqual([{ podSelector: { matchLabels: cluster } }]);
    expect(into('postgres-from-signet')).toEqual([
      [us, [5432]],
      [cluster, [5432, 8000]],
      [{ 'kubernetes.io/metadata.name': 'cnpg-system' }, [5432, 8000]],
      [monitoring, [9187]],
    ]);
  });

  it('let out those services that fetch, the commands, and no other', () => {
    const fetching = services.filter((service) => sourcesOf(service).some((text) => text.includes('OutboundFetch')));
    expect(about('signet-to-outside')).toEqual([...fetching, 'command']);
    expect(fetching).not.toContain('authn');
  });

  it('let a command, and nobody else, to the edge that is let in', () => {
    const { podSelector, policyTypes, egress } = policies.get('signet-command-to-edge');
    expect(podSelector).toEqual({ matchLabels: { ...us, 'app.kubernetes.io/component': 'command' } });
    expect(policyTypes).toEqual(['Egress']);
    const [{ from }] = policies.get('signet-from-edge').ingress;
    expect(egress.map(({ to }) => to)).toEqual([from]);
    // 443 of the Service, and what pods listen on that may not open ports below 1024.
    expect(egress[0].ports.map(({ port }) => port)).toEqual([443, 8443, 10443]);
    const toEdge = [...policies].filter(([, { egress: out }]) => JSON.stringify(out ?? []).includes('signet-edge'));
    expect(toEdge.map(([name]) => name)).toEqual(['signet-command-to-edge']);
  });
});

describe('an edge that no label of a namespace finds', () => {
  const base = rendered('base');
  const ports = ofKind(base, 'Deployment')[0].spec.template.spec.containers[0].ports;
  const numberOf = (port) => ports.find(({ name }) => name === port).containerPort;
  const readiness = ofKind(base, 'Deployment')[0].spec.template.spec.containers[0].readinessProbe.httpGet;
  const [{ spec: labelled }] = ofKind(base, 'NetworkPolicy').filter(
    ({ metadata }) => metadata.name === 'signet-from-edge',
  );
  const objectsOf = (file) =>
    parseAllDocuments(readFileSync(path.join(root, 'k8s/examples', file), 'utf8')).map((document) => document.toJS());

  it.each([
    ['edge-gke', () => rendered('examples/edge-gke'), ['http', 'management']],
    ['edge-aws', () => rendered('examples/edge-aws'), ['http', 'management']],
    ['edge-host-network', () => objectsOf('edge-host-network.yaml'), ['http']],
  ])('comes in by %s from networks that it names, to the ports that it needs of the five', (_, objectsIn, needed) => {
    const [{ spec }, ...others] = ofKind(objectsIn(), 'NetworkPolicy');
    expect(others).toEqual([]);
    expect(spec.podSelector).toEqual(labelled.podSelector);
    expect(spec.ingress).toHaveLength(1);
    const [{ from, ports: open }] = spec.ingress;
    expect(open.map(({ port }) => port)).toEqual(needed);
    expect(from.length).toBeGreaterThan(0);
    for (const peer of from) expect(peer).toEqual({ ipBlock: { cidr: expect.stringMatching(/\/[1-9]\d?$/) } });
  });

  it('comes in by edge-cilium to the public port alone', () => {
    const [{ spec }] = objectsOf('edge-cilium.yaml');
    expect(spec.endpointSelector).toEqual(labelled.podSelector);
    const toPorts = [{ ports: [{ port: String(numberOf('http')), protocol: 'TCP' }] }];
    expect(spec.ingress).toEqual([{ fromEntities: ['ingress'], toPorts }]);
  });

  it('asks each service by edge-gke what the kubelet asks it', () => {
    const checks = ofKind(rendered('examples/edge-gke'), 'HealthCheckPolicy').map(({ spec }) => spec);
    const backends = ofKind(base, 'Service').map(({ metadata }) => metadata.name);
    expect(checks.map(({ targetRef }) => targetRef.name).sort()).toEqual(backends.sort());
    for (const { default: check } of checks) {
      expect(check.config.httpHealthCheck).toEqual({
        ...{ portSpecification: 'USE_FIXED_PORT', port: numberOf(readiness.port), requestPath: readiness.path },
      });
      expect(check.timeoutSec).toBeLessThan(check.checkIntervalSec);
    }
  });

  it('asks each service by edge-aws what the kubelet asks it, at its own address', () => {
    const [{ metadata, spec }] = ofKind(rendered('examples/edge-aws'), 'Ingress');
    const prefix = 'alb.ingress.kubernetes.io';
    expect(spec.ingressClassName).toBe('alb');
    expect(metadata.annotations).toMatchObject({
      [`${prefix}/target-type`]: 'ip',
      [`${prefix}/healthcheck-port`]: String(numberOf(readiness.port)),
      [`${prefix}/healthcheck-path`]: readiness.path,
    });
    // AWS refuses another one.
    const [timeout, interval] = ['timeout', 'interval'].map((of) =>
      Number(metadata.annotations[`${prefix}/healthcheck-${of}-seconds`]),
    );
    expect(timeout).toBeLessThan(interval);
  });
});

describe('monitoring', () => {
  const podMonitor = rendered('monitoring/pod-monitor')[0];
  const [service, serviceMonitor] = rendered('monitoring/service-monitor');
  const deployments = ofKind(rendered('base'), 'Deployment');

  it('is switched on in the production overlay by one line', () => {
    const copy = mkdtempSync(path.join(tmpdir(), 'signet-k8s-'));
    try {
      cpSync(path.join(root, 'k8s'), copy, { recursive: true });
      const file = path.join(copy, 'overlays/production/kustomization.yaml');
      const text = readFileSync(file, 'utf8');
      writeFileSync(file, text.replace('\n  # - monitoring\n', '\n  - monitoring\n'));
      const added = render(path.dirname(file)).slice(rendered('overlays/production').length);
      expect(added.map(({ kind }) => kind)).toEqual(['PrometheusRule', 'ConfigMap', 'PodMonitor']);
      expect(added.map(({ metadata }) => metadata.namespace)).toEqual(['signet', 'signet', 'signet']);
    } finally {
      rmSync(copy, { recursive: true });
    }
  });

  it('finds by Services the pods and the port that it finds without them', () => {
    const [port] = service.spec.ports;
    expect(service.spec).toMatchObject({ clusterIP: 'None', publishNotReadyAddresses: true });
    expect(service.spec.selector).toEqual(podMonitor.spec.selector.matchLabels);
    for (const { spec } of deployments) {
      const { metadata, spec: pod } = spec.template;
      expect(metadata.labels).toMatchObject(service.spec.selector);
      const { containerPort } = pod.containers[0].ports.find(({ name }) => name === port.targetPort);
      expect(containerPort).toBe(port.port);
    }
    const [endpoint] = serviceMonitor.spec.endpoints;
    const [without] = podMonitor.spec.podMetricsEndpoints;
    expect(endpoint).toEqual({ ...without, relabelings: [{ action: 'labeldrop', regex: 'service' }] });
    expect(endpoint.port).toBe(port.name);
    expect(service.metadata.labels).toMatchObject(serviceMonitor.spec.selector.matchLabels);
    // The alert of a replica that is down looks at the job's name.
    expect(service.metadata.labels[serviceMonitor.spec.jobLabel]).toBe('signet');
  });

  it('opens no way for anybody else: no route leads to it, and the edge is let in to the other port alone', () => {
    const routes = [...rendered('routes/gateway'), ...rendered('routes/ingress')];
    expect(JSON.stringify(routes)).not.toContain(service.metadata.name);
    expect(JSON.stringify(routes)).not.toContain(String(service.spec.ports[0].port));
    const portsOf = (name) =>
      ofKind(rendered('base'), 'NetworkPolicy')
        .find(({ metadata }) => metadata.name === name)
        .spec.ingress.flatMap(({ ports }) => ports.map(({ port }) => port));
    expect([portsOf('signet-from-edge'), portsOf('signet-from-monitoring')]).toEqual([['http'], ['management']]);
  });
});

function sourcesOf(service) {
  const directory = path.join(root, 'apps', service, 'src');
  const files = readdirSync(directory, { recursive: true }).filter((file) => /(?<!\.spec)\.ts$/.test(file));
  return files.map((file) => readFileSync(path.join(directory, file), 'utf8'));
}
