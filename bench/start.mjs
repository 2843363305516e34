import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { build, ensureNatsServer, ensurePackages, root } from '../tools/bootstrap.mjs';
import { freePort } from '../tools/free-port.mjs';
import { startSignet } from '../tools/quick-start/launcher.mjs';
import { startBroker } from '../tools/quick-start/broker.mjs';
import { prepareEmbedded, startDatabase } from '../tools/quick-start/database.mjs';
import { loadSecrets } from '../tools/quick-start/secrets.mjs';
import { signet } from '../tools/quick-start/signet-command.mjs';
import { memoryOf } from './memory.mjs';
import { signIn } from './sign-in.mjs';

const starts = 5;
const signIns = 1_000;
const atOnce = 8;

/** Start-up and memory of the one-process form: the database and NATS are up; a start ends when /readyz says so. */
export async function run() {
  await ensurePackages();
  await build();
  await ensureNatsServer();
  const data = mkdtempSync(path.join(tmpdir(), 'signet-bench-'));
  const secrets = loadSecrets(data);
  const database = await startDatabase({ state: data, secrets });
  const broker = await startBroker({ state: data, secrets });
  try {
    await prepareEmbedded({ state: data, secrets, ...database });
    await measure({ data, urls: { ...database.urls, ...broker.urls } });
  } finally {
    await broker.server.stop();
    await database.server.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

async function measure({ data, urls }) {
  const keyring = path.join(data, 'keyring.json');
  await signet(['keyring', 'create', '--file', keyring], {});
  const [port, managementPort] = [await freePort(), await freePort()];
  const env = {
    PATH: process.env.PATH,
    ...urls,
    PORT: String(port),
    SIGNET_MANAGEMENT_PORT: String(managementPort),
    SIGNET_ISSUER: `http://localhost:${port}`,
    SIGNET_DATA: data,
    SIGNET_KEYRING: keyring,
    SIGNET_CONFIG: path.join(root, 'signet.yaml'),
    SIGNET_RATE_LIMITS: 'off',
    SIGNET_GUESSING: 'off',
  };
  const start = async () => {
    const began = performance.now();
    const signetProcess = startSignet({ env, log: path.join(data, 'signet.log'), managementPort });
    await signetProcess.ready();
    return { signetProcess, seconds: (performance.now() - began) / 1000 };
  };

  const first = await start();
  await first.signetProcess.stop();
  const seconds = [];
  for (let round = 1; round < starts; round += 1) {
    const { signetProcess, seconds: taken } = await start();
    seconds.push(taken);
    await signetProcess.stop();
  }
  const { signetProcess, seconds: last } = await start();
  seconds.push(last);
  seconds.sort((a, b) => a - b);
  console.log(`first start (migrations, keys, configuration)  ${first.seconds.toFixed(2)} s`);
  console.log(`start, median of ${starts}                            ${seconds[Math.floor(starts / 2)].toFixed(2)} s`);

  await pause(5_000); // idle: the figure is of a process that has settled
  console.log(`memory (PSS) idle                              ${memoryOf(signetProcess.pid).toFixed(0)} MiB`);
  const origin = `http://localhost:${port}`;
  const began = performance.now();
  let left = signIns;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await signIn(origin);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  const rate = signIns / ((performance.now() - began) / 1000);
  console.log(`memory (PSS) after ${signIns} sign-ins               ${memoryOf(signetProcess.pid).toFixed(0)} MiB`);
  console.log(`sign-ins a second, ${atOnce} at once, client on this machine  ${rate.toFixed(0)}`);
  await signetProcess.stop();
}
