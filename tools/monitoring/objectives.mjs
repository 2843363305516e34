/** Service level objectives, over 30 days: the part of requests that may fail, or be slower than `within` seconds (a bucket's bound). */
const endpoints = [
  { name: 'token', service: 'token', route: '/token(/t/:slug)?', within: 0.25 },
  { name: 'authorize', service: 'authn', route: '/authorize(/t/:slug)?', within: 0.25 },
  { name: 'sign-in', service: 'authn', route: '/sign-in(/t/:slug)?', method: 'POST', within: 1 },
];
const budgets = { availability: 0.001, latency: 0.01 };

/** Google SRE Workbook, chapter 5: each pair of windows, and how many times too fast the budget burns in both. */
export const burns = [
  { long: '1h', short: '5m', times: 14.4, severity: 'page' },
  { long: '6h', short: '30m', times: 6, severity: 'page' },
  { long: '1d', short: '2h', times: 3, severity: 'ticket' },
  { long: '3d', short: '6h', times: 1, severity: 'ticket' },
];
const windows = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'];

const selectorOf = ({ service, route, method }, more = '') =>
  `service="${service}",route=~"${route}"${method ? `,method="${method}"` : ''}${more}`;

/** A bucket by its bound: a whole one is `1` to Prometheus 2, and `1.0` to Prometheus 3, which writes it so when it takes it in. */
const boundOf = (seconds) => (Number.isInteger(seconds) ? `le=~"${seconds}|${seconds}[.]0"` : `le="${seconds}"`);

/** By window, since an average of ratios is not the ratio of what they are of. */
const shares = {
  availability: (endpoint, window) =>
    `(sum(rate(signet_http_request_seconds_count{${selectorOf(endpoint, ',status=~"5.."')}}[${window}])) or vector(0))` +
    ` / sum(rate(signet_http_request_seconds_count{${selectorOf(endpoint)}}[${window}]))`,
  latency: (endpoint, window) =>
    `1 - sum(rate(signet_http_request_seconds_bucket{${selectorOf(endpoint, `,status!~"5..",${boundOf(endpoint.within)}`)}}[${window}]))` +
    ` / sum(rate(signet_http_request_seconds_count{${selectorOf(endpoint, ',status!~"5.."')}}[${window}]))`,
};

/** `signet:slo_burn:rate<window>{slo}`: 1 uses up the budget of 30 days in 30 days. */
export const recordingRules = endpoints.flatMap((endpoint) =>
  Object.entries(shares).flatMap(([kind, share]) =>
    windows.map((window) => ({
      record: `signet:slo_burn:rate${window}`,
      labels: { slo: `${endpoint.name}-${kind}` },
      expr: `(${share(endpoint, window)}) / ${budgets[kind]}`,
    })),
  ),
);

export const burning = (severity) =>
  burns
    .filter((burn) => burn.severity === severity)
    .map(
      ({ long, short, times }) =>
        `(signet:slo_burn:rate${long} > ${times} and signet:slo_burn:rate${short} > ${times})`,
    )
    .join(' or ');
