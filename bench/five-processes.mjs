import path from 'node:path';

import { root } from '../tools/bootstrap.mjs';
import { freePort } from '../tools/free-port.mjs';
import { signet } from '../tools/quick-start/signet-command.mjs';
import { startTethered } from '../tools/tethered-process.mjs';
import { withServers } from './one-process.mjs';

const names = ['authn', 'token', 'session', 'directory', 'audit'];

/** Gives `measure` each service as a process of its own, which it may stop and start; ends all of it afterwards. */
export async function withFiveProcesses(measure) {
  await withServers(async ({ data, env, databaseUrl }) => {
    const services = Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await service(name, { data, env })])),
    );
    try {
      for (const each of Object.values(services)) await each.start();
      await signet(['apply', '--config', path.join(root, 'signet.yaml')], env);
      await measure({ services, databaseUrl });
    } finally {
      for (const each of Object.values(services)) await each.stop();
    }
  });
}

async function service(name, { data, env }) {
  const [port, managementPort] = [await freePort(), await freePort()];
  let running;
  return {
    origin: `http://127.0.0.1:${port}`,
    management: `http://127.0.0.1:${managementPort}`,
    pid: () => running.pid,
    start: async () => {
      running = startTethered({
        command: process.execPath,
        args: [path.join(root, 'apps/signet/bin/signet.cjs'), 'serve', name],
        cwd: root,
        env: {
          ...env,
          PORT: String(port),
          SIGNET_MANAGEMENT_PORT: String(managementPort),
          SIGNET_TRUSTED_PROXIES: '127.0.0.1',
        },
        log: path.join(data, `${name}.log`),
      });
      await running.ready(() => isReady(managementPort), { everyMs: 50, timeoutMs: 60_000 });
    },
    stop: () => running?.stop('SIGTERM', 15_000),
  };
}

const isReady = async (port) => {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
  return answer?.ok || undefined;
};
