import './node-version.mjs';

import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';

import { build, ensureNatsServer, ensurePackages, preparing } from './bootstrap.mjs';
import { developmentTls } from './development-tls.mjs';
import { watchNpm } from './npm-parent.mjs';
import { takeLock } from './pid-lock.mjs';
import { readIfThere, writePrivate } from './private-file.mjs';
import { startBroker } from './quick-start/broker.mjs';
import { ownKeyring } from './quick-start/keyring.mjs';
import { prepareEmbedded, prepareGiven, startDatabase } from './quick-start/database.mjs';
import { startDemo, startSignet, told } from './quick-start/launcher.mjs';
import { Running } from './quick-start/running.mjs';
import { loadSecrets } from './quick-start/secrets.mjs';
import { readSettings, requirePorts } from './quick-start/settings.mjs';
import { welcome } from './quick-start/welcome.mjs';
import { interruptSteps, main, step, StepError } from './steps.mjs';
import { tail } from './tethered-process.mjs';

/** `npm start [-- --tls]`: everything that Signet needs, and Signet, from a fresh clone to the first sign-in. */
const began = performance.now();
const running = new Running();
/** Milliseconds within which signals are one and the same: npm, a terminal and a group's killer may each hand one on. */
const oneKeystroke = 500;

await main(async () => {
  const settings = await readSettings(process.argv.slice(2), process.env);
  // Searchable, since PostgreSQL may have to run as another user; each file in it is its owner's alone.
  mkdirSync(settings.state, { recursive: true, mode: 0o711 });
  const lock = takeLock(path.join(settings.state, 'start.lock'));
  if ('heldBy' in lock)
    throw new StepError(
      `Signet runs already as ${settings.issuer} (process ${lock.heldBy}).`,
      'Stop it first, or give this one ports of its own: PORT=3100 SIGNET_DEMO_PORT=3101 npm start',
    );
  const ended = endOf(running);
  const starting = start(settings, ended.fail);
  try {
    await Promise.race([ended.promise, starting.catch(unlessStopping)]);
    return await ended.promise;
  } finally {
    interruptSteps();
    await starting.catch(() => {}); // told already, or interrupted
    await running.stop();
    ended.release();
    lock.release();
  }
});

/** What a stop breaks off is no failure. */
function unlessStopping(error) {
  if (!running.stopping) throw error;
}

async function start(settings, fail) {
  await requirePorts(settings);
  await preparing(async () => {
    await ensurePackages();
    await build();
    if (!settings.natsUrl) await ensureNatsServer();
  });
  const env = { ...process.env, ...(await startServers(settings, fail)), ...(await ownSettings(settings)) };
  // Signet itself needs no superuser, and a demo that is not there has no port.
  if (!settings.databaseUrl) delete env.DATABASE_URL;
  if (settings.demoPort === 0) delete env.SIGNET_DEMO_PORT;

  const log = path.join(settings.state, 'signet.log');
  const { managementPort } = settings;
  const setup = path.join(settings.state, 'setup-code');
  rmSync(setup, { force: true });
  await step('starting Signet', () =>
    running.add('launcher', startSignet({ env: { ...env, SIGNET_SETUP_FILE: setup }, log, managementPort })).ready(),
  );
  running.watch('launcher', (how) =>
    fail(new StepError(`Signet has ended ${how}.\n${told(tail(log))}`, `Its log is ${log}.`)),
  );

  const authority = settings.tls ? path.join(settings.data, 'tls/ca.pem') : undefined;
  if (settings.demoPort !== 0) await startOwnDemo(settings, authority, fail);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(welcome({ settings, authority, log, seconds, setup: readIfThere(setup) }));
  rmSync(setup, { force: true });
}

/** Starts the servers that were not given; gives the environment that leads to them. */
async function startServers(settings, fail) {
  const { data, state } = settings;
  const secrets = loadSecrets(data);
  const dead = (name, log) => (how) =>
    fail(new StepError(`${name} has ended ${how}.`, `Its log is ${path.join(state, log)}.`));
  let database = { urls: {} };
  let broker = { urls: {} };
  const starting = async () => {
    const both = await Promise.allSettled([
      settings.databaseUrl ? database : startDatabase({ state, secrets }),
      settings.natsUrl ? broker : startBroker({ state, secrets }),
    ]);
    [database, broker] = both.map(({ value }) => value);
    if (database?.server) running.add('postgres', database.server);
    if (broker?.server) running.add('nats', broker.server);
    const failed = both.find(({ status }) => status === 'rejected');
    if (failed) throw failed.reason;
  };
  const names = [...(settings.databaseUrl ? [] : ['PostgreSQL']), ...(settings.natsUrl ? [] : ['NATS'])];
  if (names.length > 0) await step(`starting ${names.join(' and ')}`, starting);
  if (database.server) running.watch('postgres', dead('PostgreSQL', 'postgres.log'));
  if (broker.server) running.watch('nats', dead('nats-server', 'nats/nats.log'));
  if (database.server) await prepareEmbedded({ state, secrets, ...database });
  else await prepareGiven();

  const urls = { ...database.urls, ...broker.urls };
  // For the signet command, in another terminal.
  writePrivate(
    path.join(data, 'environment.json'),
    `${JSON.stringify({ ...urls, SIGNET_ISSUER: settings.issuer }, null, 2)}\n`,
  );
  return urls;
}

/** Signet's own settings, as the quick start makes them where the user has not. */
async function ownSettings({ data, port, managementPort, issuer, configuration, demoPort, tls }) {
  const keyring = process.env.SIGNET_KEYRING || (await ownKeyring(data));
  const certificate = tls
    ? await developmentTls(path.join(data, 'tls')).catch((error) => {
        throw new StepError(`No certificate could be made: ${error.message}`, `Delete ${data}/tls and start again.`);
      })
    : undefined;
  const demo = demoPort === 0 ? [] : [`http://localhost:${demoPort}`];
  const allowed = [...(process.env.SIGNET_OUTBOUND_ALLOW || '').split(',').filter(Boolean), ...demo];
  return {
    PORT: String(port),
    SIGNET_MANAGEMENT_PORT: String(managementPort),
    SIGNET_ISSUER: issuer,
    SIGNET_DATA: data,
    SIGNET_CONFIG: configuration,
    SIGNET_KEYRING: keyring,
    SIGNET_DEMO_PORT: String(demoPort),
    SIGNET_OUTBOUND_ALLOW: allowed.join(','),
    ...(certificate && { SIGNET_TLS_CERT: certificate.cert, SIGNET_TLS_KEY: certificate.key }),
  };
}

async function startOwnDemo({ state, issuer, demoPort }, authority, fail) {
  const log = path.join(state, 'demo.log');
  const credentials = { clientId: 'demo', clientSecret: 'demo-secret' }; // as signet.yaml has it
  const demo = { issuer, port: demoPort, ...credentials, authority, log };
  await step('starting the demo', () => running.add('demo', startDemo(demo)).ready());
  running.watch('demo', (how) => fail(new StepError(`The demo has ended ${how}.\n${tail(log)}`, `Its log is ${log}.`)));
}

/** Resolves with the exit code when a signal has stopped everything, rejects when a part has died. A second signal kills. */
function endOf(parts) {
  let fail;
  let release;
  const promise = new Promise((resolve, reject) => {
    fail = reject;
    let stopped;
    const stop = (why) => {
      stopped = performance.now();
      console.log(`\n${why}: stopping …`);
      interruptSteps();
      parts.stop().then(() => {
        console.log(`· everything has stopped … ${((performance.now() - stopped) / 1000).toFixed(1)} s`);
        resolve(0);
      }, reject);
    };
    const onSignal = (signal) => {
      if (stopped === undefined) stop(signal);
      else if (performance.now() - stopped > oneKeystroke) {
        parts.kill();
        process.exit(1);
      }
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, onSignal);
    // This watch keeps the process alive, too: the tethered ones do not.
    release = watchNpm(() => {
      if (stopped === undefined) stop('npm has gone');
    });
  });
  promise.catch(() => {}); // awaited by whoever started
  return { promise, fail, release };
}
