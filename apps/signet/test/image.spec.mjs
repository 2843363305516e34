import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serviceNames } from '@signet/contracts';
import { freePort, runDatabase, suiteNats } from '@signet/testing';

import { copyImageFiles } from '../../../tools/image-files.mjs';
import { startTethered } from '../../../tools/tethered-process.mjs';

const root = path.resolve(import.meta.dirname, '../../..');
const run = promisify(execFile);
const program = (name) => path.join(image, 'signet/apps/signet/bin', name);

/** Out of the checkout, so that nothing is found beside it. */
let image;
let database;
let nats;
let environment;

beforeAll(async () => {
  image = mkdtempSync(path.join(tmpdir(), 'signet-image-'));
  copyImageFiles(root, path.join(image, 'signet'));
  database = await runDatabase({ empty: true }, () => Promise.resolve());
  nats = await suiteNats({ services: [...serviceNames, 'operator'] });
  environment = {
    PATH: process.env.PATH,
    ...Object.fromEntries(
      serviceNames.flatMap((name) => [
        [`DATABASE_URL_${name.toUpperCase()}`, database.serviceUrl(name)],
        [`NATS_URL_${name.toUpperCase()}`, nats.serviceUrl(name)],
      ]),
    ),
    NATS_URL_OPERATOR: nats.serviceUrl('operator'),
  };
}, 60_000);

afterAll(async () => {
  await nats?.stop();
  await database?.drop();
  rmSync(image, { recursive: true });
});

describe('what the Dockerfile copies into an image', () => {
  it('is at most 120 MB', () => {
    const files = readdirSync(image, { recursive: true }).map((name) => statSync(path.join(image, name)));
    const bytes = files.filter((file) => file.isFile()).reduce((sum, { size }) => sum + size, 0);
    expect(bytes).toBeLessThanOrEqual(120_000_000);
  });

  it('has the licence, which is let into the build for that', () => {
    expect(readdirSync(path.join(image, 'signet'))).toContain('LICENSE');
    const ignored = readFileSync(path.join(root, '.dockerignore'), 'utf8').split('\n');
    expect(ignored.indexOf('!LICENSE')).toBeGreaterThan(ignored.indexOf('*'));
  });

  it('prepares and migrates a database, and serves, with nothing beside it', async () => {
    const options = { cwd: image, env: { ...environment, DATABASE_URL: database.url } };
    const signet = async (...words) => (await run(process.execPath, [program('signet.cjs'), ...words], options)).stdout;
    expect(await signet('database', 'prepare')).toContain('prepared: ');
    const migrated = await signet('database', 'migrate');
    for (const name of serviceNames) expect(migrated).toContain(`${name}: up to date`);

    const keyring = path.join(image, 'keyring.json');
    await signet('keyring', 'create', '--file', keyring);
    const [port, managementPort] = [await freePort(), await freePort()];
    const configuration = path.join(image, 'signet.yaml');
    // A password, so that the part that is native must be there.
    writeFileSync(configuration, JSON.stringify({ tenants: [{ slug: 'default', name: 'A', users: [alice] }] }));
    const served = startTethered({
      command: process.execPath,
      args: [program('one-process.cjs')],
      cwd: image,
      env: {
        ...environment,
        PORT: String(port),
        SIGNET_MANAGEMENT_PORT: String(managementPort),
        SIGNET_KEYRING: keyring,
        SIGNET_CONFIG: configuration,
        SIGNET_TEST: '1',
      },
      log: path.join(image, 'signet.log'),
    });
    try {
      const ready = () => fetch(`http://127.0.0.1:${managementPort}/readyz`).then(({ ok }) => ok || undefined);
      await served.ready(() => ready().catch(() => undefined), { everyMs: 50, timeoutMs: 45_000, lines: 50 });
      expect((await fetch(`http://localhost:${port}/jwks`)).status).toBe(200);
    } finally {
      await served.stop('SIGTERM', 45_000);
    }
  }, 120_000);
});

const alice = { username: 'alice', password: 'correct horse battery' };
