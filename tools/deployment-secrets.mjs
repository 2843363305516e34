import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { loadSecrets, services } from './quick-start/secrets.mjs';
import { signet } from './quick-start/signet-command.mjs';

const advice = 'Signet must be built: npm run build.';

/**
 * What the parts of a deployment are told and nobody else may know. Passwords and keyring are made once and kept in `directory`.
 * @param {string} directory
 * @param {{ database: string, nats: string }} servers each as host:port
 */
export async function deploymentSecrets(directory, servers) {
  const secrets = loadSecrets(directory);
  const databaseUrl = (user, password) => `postgres://${user}:${password}@${servers.database}/signet`;
  const natsUrls = Object.fromEntries(
    Object.entries(secrets.natsUsers).map(([user, password]) => [
      `NATS_URL_${user.toUpperCase()}`,
      `nats://${user}:${password}@${servers.nats}`,
    ]),
  );
  const databaseUrls = Object.fromEntries(
    services.map((service) => [
      `DATABASE_URL_${service.toUpperCase()}`,
      databaseUrl(`signet_${service}`, secrets.roles[service]),
    ]),
  );
  return {
    databaseUrls,
    natsUrls,
    superuser: { url: databaseUrl('postgres', secrets.superuser), password: secrets.superuser },
    keyring: await keyringOf(directory),
    natsConfiguration: await signet(['nats', 'config', '--jetstream-dir', '/data'], natsUrls, advice),
  };
}

/** Completed where a newer Signet has another purpose for keys. */
async function keyringOf(directory) {
  const file = path.join(directory, 'keyring.json');
  await signet(['keyring', existsSync(file) ? 'complete' : 'create', '--file', file], {}, advice);
  return readFileSync(file, 'utf8');
}

/** The variables of one service: its own user in Postgres and in NATS. */
export function environmentOf({ databaseUrls, natsUrls }, service) {
  const [database, nats] = ['DATABASE_URL', 'NATS_URL'].map((name) => `${name}_${service.toUpperCase()}`);
  return { [database]: databaseUrls[database], [nats]: natsUrls[nats] };
}

export { services };
