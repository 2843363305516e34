import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { build, ensureNatsServer, ensurePackages, root } from '../tools/bootstrap.mjs';
import { freePort } from '../tools/free-port.mjs';
import { startBroker } from '../tools/quick-start/broker.mjs';
import { prepareEmbedded, startDatabase } from '../tools/quick-start/database.mjs';
import { startSignet } from '../tools/quick-start/launcher.mjs';
import { loadSecrets } from '../tools/quick-start/secrets.mjs';
import { signet } from '../tools/quick-start/signet-command.mjs';

/** Gives `measure` a database and a NATS that are up, and a way to start the one-process form on them; ends all of it afterwards. */
export async function withOneProcess(measure) {
  await withServers(async ({ data, env: servers, databaseUrl }) => {
    const [port, managementPort] = [await freePort(), await freePort()];
    const env = {
      ...servers,
      PORT: String(port),
      SIGNET_MANAGEMENT_PORT: String(managementPort),
      SIGNET_ISSUER: `http://localhost:${port}`,
      SIGNET_CONFIG: path.join(root, 'signet.yaml'),
    };
    /** Seconds until /readyz says so. */
    const start = async () => {
      const began = performance.now();
      const signetProcess = startSignet({ env, log: path.join(data, 'signet.log'), managementPort });
      await signetProcess.ready();
      return { signetProcess, seconds: (performance.now() - began) / 1000 };
    };
    await measure({ data, env, databaseUrl, origin: `http://localhost:${port}`, start });
  });
}

/** Gives `measure` a database and a NATS that are up, and the environment of processes on them; ends both afterwards. */
export async function withServers(measure) {
  await ensurePackages();
  await build();
  await ensureNatsServer();
  const data = mkdtempSync(path.join(tmpdir(), 'signet-bench-'));
  const secrets = loadSecrets(data);
  const database = await startDatabase({ state: data, secrets });
  const broker = await startBroker({ state: data, secrets });
  try {
    await prepareEmbedded({ state: data, secrets, ...database });
    const keyring = path.join(data, 'keyring.json');
    await signet(['keyring', 'create', '--file', keyring], {});
    const env = {
      PATH: process.env.PATH,
      ...database.urls,
      ...broker.urls,
      SIGNET_ISSUER: `http://localhost:${await freePort()}`,
      SIGNET_DATA: data,
      SIGNET_KEYRING: keyring,
      SIGNET_RATE_LIMITS: 'off',
      SIGNET_GUESSING: 'off',
    };
    await measure({ data, env, databaseUrl: database.server.url });
  } finally {
    await broker.server.stop();
    await database.server.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** The median of several starts, and the last of them, running. */
export async function startAgain(start, starts) {
  const seconds = [];
  for (let round = 1; round < starts; round += 1) {
    const { signetProcess, seconds: taken } = await start();
    seconds.push(taken);
    await signetProcess.stop();
  }
  const { signetProcess, seconds: last } = await start();
  return { signetProcess, seconds: median([...seconds, last]) };
}
