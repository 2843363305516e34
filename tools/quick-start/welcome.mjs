import path from 'node:path';

import { root } from '../bootstrap.mjs';

const shown = (file) => {
  const relative = path.relative(root, file);
  return relative.startsWith('..') ? file : relative;
};

/** What the terminal shows once everything answers. */
export function welcome({ settings, authority, log, seconds, setup }) {
  const { issuer, demoPort, isOwnConfiguration, configuration, state } = settings;
  const curl = authority ? `curl --cacert ${shown(authority)}` : 'curl';
  const rows = [
    ['Issuer', issuer],
    ...(demoPort === 0 ? [] : [['Demo', `http://localhost:${demoPort}`]]),
    ...(isOwnConfiguration
      ? [
          ['User', 'alice, password wonderland'],
          ['Client', 'demo, secret demo-secret (also demo-spa; demo-service, secret demo-service-secret)'],
        ]
      : [['Configuration', shown(configuration)]]),
    ...(authority ? [['Authority', `${shown(authority)} (for a browser or a client to trust)`]] : []),
    ['Log', shown(log)],
  ];
  const tries = [
    ...(demoPort === 0 || !isOwnConfiguration ? [] : [`open http://localhost:${demoPort} and sign in as alice`]),
    `${curl} ${issuer}/.well-known/openid-configuration`,
    ...(isOwnConfiguration
      ? [
          `${curl} -u demo-service:demo-service-secret -d grant_type=client_credentials -d scope=demo:read ${issuer}/token`,
        ]
      : []),
    'npm run signet -- events list',
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    '',
    `Signet is ready after ${seconds} s.`,
    '',
    ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
    '',
    ...(setup ? [setup.trim(), ''] : []),
    'Try next:',
    ...tries.map((line) => `  ${line}`),
    '',
    ...(isOwnConfiguration ? ['signet.yaml, which it runs on, is for trying out: its secrets are published.'] : []),
    settings.databaseUrl ? 'Ctrl-C stops it.' : `Ctrl-C stops everything; what is stored stays in ${shown(state)}.`,
    '',
  ].join('\n');
}
