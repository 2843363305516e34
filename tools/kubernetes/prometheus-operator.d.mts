/** Of the Prometheus operator's API (monitoring.coreos.com/v1) the fields that k8s/monitoring uses, so that another one is a fault. */
interface Metadata {
  name: string;
  namespace?: string;
  labels?: Record<string, string>;
}

interface Monitor<Kind extends string, Spec> {
  apiVersion: 'monitoring.coreos.com/v1';
  kind: Kind;
  metadata: Metadata;
  spec: Spec;
}

interface Relabeling {
  action: 'labeldrop' | 'labelkeep';
  regex: string;
}

interface Endpoint {
  port: string;
  path: `/${string}`;
  interval: `${number}s`;
  honorLabels: boolean;
  relabelings?: Relabeling[];
}

interface Selector {
  matchLabels: Record<string, string>;
}

export type IPodMonitor = Monitor<
  'PodMonitor',
  { jobLabel?: string; selector: Selector; podMetricsEndpoints: Endpoint[] }
>;
export type IServiceMonitor = Monitor<
  'ServiceMonitor',
  { jobLabel?: string; selector: Selector; endpoints: Endpoint[] }
>;

interface Recording {
  record: string;
  expr: string;
  labels?: Record<string, string>;
}

interface Alerting {
  alert: string;
  expr: string;
  for?: `${number}${'s' | 'm' | 'h'}`;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

export type IPrometheusRule = Monitor<
  'PrometheusRule',
  { groups: { name: string; interval?: `${number}s`; rules: (Recording | Alerting)[] }[] }
>;
