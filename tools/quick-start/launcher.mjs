import { get } from 'node:http';
import path from 'node:path';

import { root } from '../bootstrap.mjs';
import { StepError } from '../steps.mjs';
import { startTethered } from '../tethered-process.mjs';

/** Milliseconds: longer than the launcher gives itself to stop. */
const stopping = 45_000;

/** Starts the five services in one process. `ready` waits until all of them are. */
export function startSignet({ env, log, managementPort }) {
  const launcher = startTethered({
    command: process.execPath,
    args: [path.join(root, 'apps/signet/bin/one-process.cjs')],
    cwd: root,
    env,
    log,
  });
  const address = `http://127.0.0.1:${managementPort}/readyz`;
  return {
    ...launcher,
    stop: () => launcher.stop('SIGTERM', stopping),
    ready: async () => {
      try {
        await launcher.ready(() => answers(address), { everyMs: 20, timeoutMs: 60_000, lines: 200 });
      } catch (error) {
        throw new StepError(told(error.message), `The whole log is ${log}. Mend what it names and start again.`);
      }
    },
  };
}

/** Starts the demo, an ordinary application beside Signet. */
export function startDemo({ issuer, port, clientId, clientSecret, authority, log }) {
  const demo = startTethered({
    command: process.execPath,
    args: [path.join(root, 'examples/relying-party/dist/main.js')],
    cwd: root,
    env: {
      ...process.env,
      ISSUER: issuer,
      PORT: String(port),
      CLIENT_ID: clientId,
      CLIENT_SECRET: clientSecret,
      ...(authority && { NODE_EXTRA_CA_CERTS: authority }),
    },
    log,
  });
  return {
    ...demo,
    stop: () => demo.stop('SIGTERM', 5_000),
    ready: async () => {
      try {
        await demo.ready(() => answers(`http://localhost:${port}/`), { everyMs: 20 });
      } catch (error) {
        throw new StepError(error.message, 'SIGNET_DEMO_PORT=0 starts Signet without the demo.');
      }
    },
  };
}

/** Whether the address answers without a server's error. */
function answers(address) {
  return new Promise((resolve) => {
    const asked = get(address, { agent: false, timeout: 2_000 }, (response) => {
      response.resume();
      resolve(response.statusCode < 500 ? true : undefined);
    });
    asked.once('timeout', () => asked.destroy());
    asked.once('error', () => resolve(undefined));
  });
}

/** Of a structured log, the lines that say what is wrong; everything else as it is. What a process says last repeats what its log has told. */
export function told(text) {
  const lines = linesOf(text);
  const isTold = (line, index) => line !== '' && lines.slice(0, index).some((before) => before.endsWith(`: ${line}`));
  return lines.filter((line, index) => !isTold(line, index)).join('\n');
}

function linesOf(text) {
  return text.split('\n').flatMap((line) => {
    if (!line.startsWith('{')) return [line];
    try {
      const { level, event, error, ...rest } = JSON.parse(line);
      if (level !== 'error' && level !== 'fatal') return [];
      const details = error?.details === undefined ? [] : [JSON.stringify(error.details, null, 2)];
      return [[event, error?.message ?? error ?? JSON.stringify(rest)].join(': '), ...details];
    } catch {
      return [line];
    }
  });
}
