import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { stringify } from 'yaml';

import { dashboard } from './dashboard.mjs';
import { rules } from './rules.mjs';

const yaml = (value) => stringify(value, { lineWidth: 0, singleQuote: true });
const made = '# Made by `node tools/monitoring/monitoring.mjs`, which is where to change it.\n';

/** The files of k8s/monitoring that are made of what stands here, by their names. */
export const files = {
  'signet.rules.yaml': made + yaml(rules),
  'prometheus-rule.yaml':
    made +
    yaml({ apiVersion: 'monitoring.coreos.com/v1', kind: 'PrometheusRule', metadata: { name: 'signet' }, spec: rules }),
  'signet-dashboard.json': `${JSON.stringify(dashboard, null, 2)}\n`,
};

/** Writes them. */
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const directory = path.resolve(import.meta.dirname, '../../k8s/monitoring');
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(directory, name), text);
}
