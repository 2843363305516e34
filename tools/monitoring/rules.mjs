import { alerts } from './alerts.mjs';
import { recordingRules } from './objectives.mjs';

/** Within the repository; put your own place before it where your pages want a whole URL. */
const runbook = 'docs/operations/alerts.md';

/** A rules file of Prometheus, which is also the spec of a PrometheusRule. */
export const rules = {
  groups: [
    { name: 'signet-objectives', interval: '30s', rules: recordingRules },
    {
      name: 'signet-alerts',
      rules: alerts.map(({ name, severity, wait, expr, summary }) => ({
        alert: name,
        expr,
        ...(wait !== '0m' && { for: wait }),
        labels: { severity },
        annotations: { summary, runbook: `${runbook}#${name.toLowerCase()}` },
      })),
    },
  ],
};
