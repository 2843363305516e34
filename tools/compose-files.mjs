import './node-version.mjs';

import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { root } from './bootstrap.mjs';
import { deploymentSecrets, environmentOf, services } from './deployment-secrets.mjs';
import { developmentTls } from './development-tls.mjs';
import { keptCertificates } from './kept-certificates.mjs';
import { readIfThere, writePrivate } from './private-file.mjs';
import { main } from './steps.mjs';

/** Who speaks TLS inside, by the directories that docker-compose.yml mounts. Of an authority of their own: a browser's trust in the edge's is no trust in these. */
const inside = {
  postgres: { names: ['postgres'] },
  nats: { names: ['nats'] },
  client: { names: ['signet'], uses: ['client'] },
};
/** As containers see them. */
const servers = {
  database: 'postgres:5432',
  nats: 'nats:4222',
  tls: {
    authority: '/etc/signet/inside/ca.pem',
    nats: { ca: '/etc/nats/tls/ca.pem', cert: '/etc/nats/tls/cert.pem', key: '/etc/nats/tls/key.pem' },
  },
};

/** node tools/compose-files.mjs [DIRECTORY] */
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  await main(async () => {
    const directory = path.resolve(process.argv[2] ?? path.join(root, '.data/compose'));
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
  const secrets = await deploymentSecrets(own, servers);
  const environments = {
    ...Object.fromEntries(services.map((service) => [service, environmentOf(secrets, service)])),
    postgres: { POSTGRES_PASSWORD: secrets.superuser.password },
    prepare: { DATABASE_URL: secrets.superuser.url, ...secrets.databaseUrls },
    operator: { NATS_URL_OPERATOR: secrets.natsUrls.NATS_URL_OPERATOR },
    grafana: { GF_SECURITY_ADMIN_PASSWORD: keptPassword(path.join(own, 'grafana')) },
  };
  for (const [name, variables] of Object.entries(environments))
    writePrivate(path.join(directory, `${name}.env`), linesOf(variables));

  const edge = await developmentTls(path.join(own, 'tls'));
  const innerTls = path.join(own, 'inside');
  const placed = await keptCertificates(
    'Signet inside',
    Object.fromEntries(Object.entries(inside).map(([name, leaf]) => [path.join(innerTls, name), leaf])),
  );
  const mounted = {
    'keyring.json': secrets.keyring,
    'nats.conf': secrets.natsConfiguration,
    ...textsOf('tls', edge),
    ...Object.assign(
      {},
      ...Object.entries(placed).map(([from, files]) => textsOf(`inside/${path.basename(from)}`, files)),
    ),
  };
  for (const name of ['', 'tls', 'inside', ...Object.keys(inside).map((of) => `inside/${of}`)]) {
    mkdirSync(path.join(directory, 'mounted', name), { recursive: true });
    chmodSync(path.join(directory, 'mounted', name), 0o755);
  }
  for (const [name, content] of Object.entries(mounted)) {
    const file = path.join(directory, 'mounted', name);
    // In place: a container sees the file that it was started with.
    writeFileSync(file, content);
    chmodSync(file, 0o644);
  }
}

/** What ca.pem, cert.pem and key.pem hold, by their places in `directory`. */
function textsOf(directory, files) {
  const named = Object.entries(files);
  return Object.fromEntries(named.map(([name, file]) => [`${directory}/${name}.pem`, readFileSync(file, 'utf8')]));
}

function keptPassword(file) {
  const kept = readIfThere(file);
  if (kept !== undefined) return kept;
  const made = randomBytes(24).toString('base64url');
  writePrivate(file, made);
  return made;
}

function linesOf(variables) {
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
