import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { loadSecrets, services } from './quick-start/secrets.mjs';
import { signet } from './quick-start/signet-command.mjs';

const advice = 'Signet must be built: npm run build.';

/**
 * What the parts of a deployment are told and nobody else may know. Passwords and keyring are made once and kept in `directory`.
 * @param {string} directory
 * @param {{ database: string, nats: string, tls?: { authority: string, nats: { cert: string, key: string, ca: string } } }} servers
 *   each as host:port. `tls`: paths of PEM files where they are read: that of who connects, and those of the NATS server, which then lets in nobody without a
 *   certificate of that authority
 */
export async function deploymentSecrets(directory, { database, nats, tls }) {
  const secrets = loadSecrets(directory);
  const verified = tls ? `?sslmode=verify-full&sslrootcert=${tls.authority}` : '';
  const databaseUrl = (user, password) => `postgres://${user}:${password}@${database}/signet${verified}`;
  const natsUrls = Object.fromEntries(
    Object.entries(secrets.natsUsers).map(([user, password]) => [
      `NATS_URL_${user.toUpperCase()}`,
      `${tls ? 'tls' : 'nats'}://${user}:${password}@${nats}`,
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
    natsConfiguration: await signet(
      ['nats', 'config', '--jetstream-dir', '/data', ...natsTls(tls?.nats)],
      natsUrls,
      advice,
    ),
  };
}

const natsTls = (files) => (files ? ['--tls-cert', files.cert, '--tls-key', files.key, '--tls-ca', files.ca] : []);

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
