import './node-version.mjs';

import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { root } from './bootstrap.mjs';
import { deploymentSecrets, environmentOf, services } from './deployment-secrets.mjs';
import { developmentTls } from './development-tls.mjs';
import { writePrivate } from './private-file.mjs';
import { main } from './steps.mjs';

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  await main(async () => {
    const directory = path.join(root, '.data/compose');
    await composeFiles(directory);
    console.log(`${directory}: secrets, and the authority that your browser may trust, mounted/tls/ca.pem`);
  });

/**
 * Writes what docker-compose.yml reads and does not hold: an environment file for each service that has secrets, and in `mounted/` what containers see.
 * May be repeated; what was made stays.
 */
export async function composeFiles(directory) {
  // Nobody else may enter; so what is in it can be readable to the users that containers have.
  mkdirSync(path.dirname(directory), { recursive: true, mode: 0o711 });
  mkdirSync(directory, { recursive: true });
  chmodSync(directory, 0o700);
  const own = path.join(directory, 'own');
  const secrets = await deploymentSecrets(own, { database: 'postgres:5432', nats: 'nats:4222' });
  const environments = {
    ...Object.fromEntries(services.map((service) => [service, environmentOf(secrets, service)])),
    postgres: { POSTGRES_PASSWORD: secrets.superuser.password },
    prepare: { DATABASE_URL: secrets.superuser.url, ...secrets.databaseUrls },
    operator: { NATS_URL_OPERATOR: secrets.natsUrls.NATS_URL_OPERATOR },
  };
  for (const [name, variables] of Object.entries(environments))
    writePrivate(path.join(directory, `${name}.env`), linesOf(variables));

  const tls = await developmentTls(path.join(own, 'tls'));
  const mounted = {
    'keyring.json': secrets.keyring,
    'nats.conf': secrets.natsConfiguration,
    ...Object.fromEntries(Object.entries(tls).map(([name, file]) => [`tls/${name}.pem`, readFileSync(file, 'utf8')])),
  };
  for (const name of ['mounted', 'mounted/tls']) {
    mkdirSync(path.join(directory, name), { recursive: true });
    chmodSync(path.join(directory, name), 0o755);
  }
  for (const [name, content] of Object.entries(mounted)) {
    const file = path.join(directory, 'mounted', name);
    // In place: a container sees the file that it was started with.
    writeFileSync(file, content);
    chmodSync(file, 0o644);
  }
}

function linesOf(variables) {
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
