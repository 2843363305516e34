import { readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from '@jest/globals';
import { parser } from '@prometheus-io/lezer-promql';
import { parse } from 'yaml';

import { render } from '../kubernetes/kustomization.mjs';
import { services } from '../quick-start/secrets.mjs';
import { alerts } from './alerts.mjs';
import { dashboard } from './dashboard.mjs';
import { files } from './monitoring.mjs';
import { rules } from './rules.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file) => readFileSync(path.join(root, file), 'utf8');

/** Name → its labels, as docs/operations/metrics.md has them; a spec of apps/e2e holds that page against a running Signet. */
const metrics = new Map(
  [...read('docs/operations/metrics.md').matchAll(/^\| `(\w+)` +\| (\w+) +\| (.*?) *\|/gm)].flatMap(
    ([, name, type, labels]) => {
      const known = new Set([...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label));
      if (type !== 'histogram') return [[name, known]];
      return ['_bucket', '_count', '_sum'].map((end) => [
        name + end,
        end === '_bucket' ? new Set([...known, 'le']) : known,
      ]);
    },
  ),
);
const recorded = new Map(
  rules.groups
    .flatMap((group) => group.rules)
    .flatMap(({ record, labels }) => (record ? [[record, new Set(Object.keys(labels))]] : [])),
);
/** That Prometheus itself adds. */
const added = ['instance', 'job'];

const queries = [
  ...rules.groups.flatMap((group) =>
    group.rules.map(({ record, alert, labels, expr }) => [record ? `${record} of ${labels.slo}` : alert, expr]),
  ),
  ...dashboard.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [`panel ${title}`, expr])),
];

/** Metrics with the labels that are asked of them, and the labels that results are grouped by. */
function namesIn(query) {
  const tree = parser.parse(query);
  const text = ({ from, to }) => query.slice(from, to);
  const selectors = [];
  const grouped = [];
  let faults = 0;
  tree.iterate({
    enter: (node) => {
      if (node.type.isError) faults++;
      if (node.name === 'VectorSelector') {
        const labels = [];
        node.node.cursor().iterate((inner) => {
          if (inner.name === 'LabelName') labels.push(text(inner));
        });
        const identifier = node.node.getChild('Identifier');
        if (identifier) selectors.push({ name: text(identifier), labels });
      }
      if (node.name === 'GroupingLabels')
        node.node.cursor().iterate((inner) => {
          if (inner.name === 'LabelName') grouped.push(text(inner));
        });
    },
  });
  return { faults, selectors, grouped };
}

const asPrometheus = (query) => query.replaceAll('$__rate_interval', '5m');

describe('each query', () => {
  it.each(queries)('%s asks for metrics and labels that there are', (_, query) => {
    const { faults, selectors, grouped } = namesIn(asPrometheus(query));
    expect(faults).toBe(0);
    expect(selectors.length).toBeGreaterThan(0);
    const known = new Set(added);
    for (const { name, labels } of selectors) {
      const of = metrics.get(name) ?? recorded.get(name) ?? (name === 'up' ? new Set() : undefined);
      expect([name, of !== undefined]).toEqual([name, true]);
      expect([name, labels.filter((label) => !of.has(label) && !added.includes(label))]).toEqual([name, []]);
      for (const label of of) known.add(label);
    }
    expect(grouped.filter((label) => !known.has(label))).toEqual([]);
  });

  it.each(queries)('%s finds a bucket however Prometheus writes its bound', (_, query) => {
    for (const [, equals, bound] of query.matchAll(/\ble(=~?)"([^"]+)"/g)) {
      const isFound = (written) => (equals === '=' ? written === bound : new RegExp(`^(?:${bound})$`).test(written));
      const seconds = Number(/^[\d.]+/.exec(bound)[0]);
      // Of 2, and of 3: its migration guide, `le` and `quantile` label values.
      const forms = [`${seconds}`, Number.isInteger(seconds) ? `${seconds}.0` : `${seconds}`];
      expect([bound, forms.filter((form) => !isFound(form))]).toEqual([bound, []]);
    }
  });

  it('is refused where it is no PromQL, or asks for what there is not', () => {
    expect(namesIn('sum(rate(a[5m])').faults).toBeGreaterThan(0);
    expect(namesIn('sum by (x) (a{b="c"})')).toEqual({
      faults: 0,
      selectors: [{ name: 'a', labels: ['b'] }],
      grouped: ['x'],
    });
  });
});

describe('each alert', () => {
  const page = read('docs/operations/alerts.md');
  const parts = [...page.matchAll(/^## (Signet\w+)$/gm)].map(([, name]) => name);

  it('has its part of the page of alerts, and each part its alert', () => {
    expect(parts).toEqual(alerts.map(({ name }) => name));
    expect(rules.groups[1].rules.map(({ annotations }) => annotations.runbook)).toEqual(
      parts.map((name) => `docs/operations/alerts.md#${name.toLowerCase()}`),
    );
  });

  it.each(parts)('%s is said what it means, what people notice, what to look at and what to do', (name) => {
    const [, part] = page.split(`## ${name}\n`);
    const [own] = part.split('\n## ');
    for (const said of ['Means', 'People notice', 'Look at', 'Do'])
      expect(own).toMatch(new RegExp(`^- \\*\\*${said}\\*\\*: .{8,}`, 'm'));
  });

  const exprOf = (name) => alerts.find((alert) => alert.name === name).expr;

  it('that looks for an increase sees what was counted before the first scrape of a replica', () => {
    const increases = alerts.flatMap(({ name, expr }) =>
      [...expr.matchAll(/increase\((\w+)\[15m\]\)/g)].map(([, metric]) => ({ name, expr, metric })),
    );
    expect(increases.map(({ name }) => name)).toEqual(['SignetNatsDenied', 'SignetEventsRefused', 'SignetDeadLetters']);
    for (const { expr, metric } of increases)
      expect(expr).toContain(`(${metric} and on (job, instance) (time() - signet_process_start_seconds < 900)) > 0`);
    expect(alerts.filter(({ expr }) => /increase\((?!\w+\[15m\])/.test(expr))).toEqual([]);
  });

  it('that there is for an absence fires where no replica is left to tell of it', () => {
    expect(alerts.find(({ name }) => name === 'SignetServiceDown').severity).toBe('page');
    expect(exprOf('SignetServiceDown').split(' or ')).toEqual(
      services.map((service) => `absent(signet_build_info{service="${service}"})`),
    );
    expect(exprOf('SignetNoLogWriter')).toContain('(sum(signet_audit_writing) or vector(0)) == 0');
  });

  it('tells of labels that its expression has', () => {
    for (const { name, expr, summary } of alerts) {
      const { selectors, grouped } = namesIn(expr);
      const known = new Set([
        ...added,
        ...grouped,
        ...selectors.flatMap((one) => [...(metrics.get(one.name) ?? recorded.get(one.name) ?? [])]),
      ]);
      const told = [...summary.matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label);
      expect([name, told.filter((label) => !known.has(label))]).toEqual([name, []]);
    }
  });
});

describe('k8s/monitoring', () => {
  it('is what tools/monitoring makes', () => {
    for (const [name, text] of Object.entries(files)) expect(read(`k8s/monitoring/${name}`)).toBe(text);
  });

  it('gives the operator the same rules, the pods’ management port, and Grafana the dashboard', () => {
    const objects = ['k8s/monitoring', 'k8s/monitoring/pod-monitor'].flatMap((part) => render(path.join(root, part)));
    const of = (kind) => objects.find((object) => object.kind === kind);
    expect(of('PrometheusRule').spec).toEqual(parse(read('k8s/monitoring/signet.rules.yaml')));
    expect(of('ConfigMap').metadata.labels).toEqual({ grafana_dashboard: '1' });
    expect(JSON.parse(of('ConfigMap').data['signet-dashboard.json'])).toEqual(dashboard);
    const { selector, podMetricsEndpoints } = of('PodMonitor').spec;
    const deployments = render(path.join(root, 'k8s/base')).filter(({ kind }) => kind === 'Deployment');
    expect(deployments).toHaveLength(5);
    for (const { spec } of deployments) {
      expect(spec.template.metadata.labels).toMatchObject(selector.matchLabels);
      const ports = spec.template.spec.containers.flatMap((container) => container.ports.map(({ name }) => name));
      expect(ports).toContain(podMetricsEndpoints[0].port);
    }
  });
});
