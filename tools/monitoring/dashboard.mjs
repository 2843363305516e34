const p = (q, metric, by) =>
  `histogram_quantile(${q}, sum by (${['le', ...by].join(', ')}) (rate(${metric}_bucket[$__rate_interval])))`;
const rate = (metric, by, match = '') => `sum by (${by.join(', ')}) (rate(${metric}${match}[$__rate_interval]))`;
const largest = (metric, by = ['service']) => `max by (${by.join(', ')}) (${metric})`;

/** [title, unit, [[query, legend], …]], a row of Grafana's each group. */
const groups = [
  [
    'Objectives',
    [
      ['Budget burn, one hour (1: gone in 30 days)', 'none', [['signet:slo_burn:rate1h', '{{slo}}']]],
      ['Requests', 'reqps', [[rate('signet_http_request_seconds_count', ['service']), '{{service}}']]],
      [
        'Answers 5xx',
        'reqps',
        [
          [
            rate('signet_http_request_seconds_count', ['service', 'status'], '{status=~"5.."}'),
            '{{service}} {{status}}',
          ],
        ],
      ],
    ],
  ],
  [
    'Endpoints',
    [
      [
        'Slowest routes, 99 %',
        's',
        [[`topk(10, ${p(0.99, 'signet_http_request_seconds', ['service', 'route'])})`, '{{service}} {{route}}']],
      ],
      [
        'Token endpoint by grant and result',
        'reqps',
        [[rate('signet_token_request_seconds_count', ['grant_type', 'result']), '{{grant_type}} {{result}}']],
      ],
      [
        'Token endpoint by grant, 99 %',
        's',
        [[p(0.99, 'signet_token_request_seconds', ['grant_type']), '{{grant_type}}']],
      ],
      [
        'Refused with 429',
        'reqps',
        [[rate('signet_rate_limited_total', ['service', 'bucket']), '{{service}} {{bucket}}']],
      ],
    ],
  ],
  [
    'Between services',
    [
      ['Requests sent, 99 %', 's', [[p(0.99, 'signet_request_sending_seconds', ['subject']), '{{subject}}']]],
      [
        'Requests sent that failed',
        'reqps',
        [[rate('signet_request_sending_seconds_count', ['subject', 'code'], '{code!="ok"}'), '{{subject}} {{code}}']],
      ],
      ['Requests served, 99 %', 's', [[p(0.99, 'signet_request_serving_seconds', ['subject']), '{{subject}}']]],
      [
        'Requests served, by outcome',
        'reqps',
        [[rate('signet_requests_served_total', ['service', 'code']), '{{service}} {{code}}']],
      ],
      ['Connected to NATS', 'none', [['min by (service) (signet_nats_up)', '{{service}}']]],
      [
        'Copies of directory objects',
        'ops',
        [[rate('signet_directory_copies_total', ['kind', 'outcome']), '{{kind}} {{outcome}}']],
      ],
    ],
  ],
  [
    'Events and the audit log',
    [
      ['Oldest event not confirmed', 's', [[largest('signet_outbox_oldest_seconds'), '{{service}}']]],
      ['Events not confirmed', 'none', [[largest('signet_outbox_rows'), '{{service}}']]],
      [
        'Outbox, of its ceiling',
        'percentunit',
        [['max by (service) (signet_outbox_bytes / signet_outbox_max_bytes)', '{{service}}']],
      ],
      [
        'Consumers',
        'ops',
        [[rate('signet_consumer_events_total', ['consumer', 'outcome']), '{{consumer}} {{outcome}}']],
      ],
      ['Behind the stream', 'none', [[largest('signet_consumer_pending', ['consumer']), '{{consumer}}']]],
      [
        'Entries without a checkpoint',
        's',
        [
          ['max(signet_audit_unsigned_seconds)', 'age'],
          ['max(signet_audit_unsigned_entries)', 'entries'],
        ],
      ],
    ],
  ],
  [
    'Revocation and passwords',
    [
      ['Last good poll of the floors', 's', [['max(signet_floor_poll_age_seconds)', 'oldest']]],
      [
        'From a floor’s commit to its being seen',
        's',
        [
          [p(0.5, 'signet_floor_seen_seconds', []), '50 %'],
          [p(0.99, 'signet_floor_seen_seconds', []), '99 %'],
        ],
      ],
      [
        'Passwords',
        'none',
        [
          ['sum(signet_hasher_running)', 'hashed'],
          ['sum(signet_hasher_waiting)', 'waiting'],
          ['sum(rate(signet_hasher_refused_total[$__rate_interval]))', 'refused a second'],
        ],
      ],
      ['Wait for a turn of the hasher', 's', [[p(0.99, 'signet_hasher_wait_seconds', []), '99 %']]],
    ],
  ],
  [
    'Postgres and processes',
    [
      ['Connections lent out', 'none', [[largest('signet_database_connections_used'), '{{service}}']]],
      ['Waiting for a connection', 'none', [[largest('signet_database_connections_waiting'), '{{service}}']]],
      [
        'Wait for a connection, 99 %',
        's',
        [[p(0.99, 'signet_database_connection_wait_seconds', ['service']), '{{service}}']],
      ],
      ['Statements', 'ops', [[rate('signet_database_statements_total', ['service']), '{{service}}']]],
      ['Event loop lag, 99 %', 's', [['max by (instance) (nodejs_eventloop_lag_p99_seconds)', '{{instance}}']]],
      ['Memory', 'bytes', [['process_resident_memory_bytes', '{{instance}}']]],
      ['CPU', 'none', [['rate(process_cpu_seconds_total[$__rate_interval])', '{{instance}}']]],
      ['Versions', 'none', [['count by (service, version) (signet_build_info)', '{{service}} {{version}}']]],
    ],
  ],
];

const columns = 3;
const size = { w: 24 / columns, h: 8 };
const source = { type: 'prometheus', uid: '${datasource}' };

const panelOf = ([title, unit, queries], id, x, y) => ({
  ...{ id, type: 'timeseries', title, datasource: source },
  gridPos: { ...size, x, y },
  fieldConfig: { defaults: { unit, min: 0, custom: { fillOpacity: 5, showPoints: 'never' } }, overrides: [] },
  options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } },
  targets: queries.map(([expr, legendFormat], index) => ({
    refId: 'ABC'[index],
    datasource: source,
    expr,
    legendFormat,
  })),
});

function panels() {
  let y = 0;
  let id = 0;
  return groups.flatMap(([title, rows]) => {
    const heading = {
      id: ++id,
      type: 'row',
      title,
      collapsed: false,
      panels: [],
      gridPos: { h: 1, w: 24, x: 0, y: y++ },
    };
    const placed = rows.map((row, index) =>
      panelOf(row, ++id, (index % columns) * size.w, y + Math.floor(index / columns) * size.h),
    );
    y += Math.ceil(rows.length / columns) * size.h;
    return [heading, ...placed];
  });
}

/** Grafana's JSON, schema 39 (Grafana 11). */
export const dashboard = {
  uid: 'signet',
  title: 'Signet',
  tags: ['signet'],
  ...{ schemaVersion: 39, version: 1, editable: true, graphTooltip: 1, refresh: '30s', timezone: 'browser' },
  time: { from: 'now-6h', to: 'now' },
  templating: {
    list: [{ name: 'datasource', type: 'datasource', query: 'prometheus', label: 'Prometheus', refresh: 1 }],
  },
  annotations: { list: [] },
  panels: panels(),
};
