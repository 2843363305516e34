import './node-version.mjs';

import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { root } from './bootstrap.mjs';
import { deploymentSecrets, environmentOf, services } from './deployment-secrets.mjs';
import { main } from './steps.mjs';

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  await main(async () => {
    console.log(JSON.stringify(await quickSecrets(path.join(root, '.data/kubernetes-quick')), null, 2));
  });

/** The Secrets of k8s/overlays/quick, as a list for `kubectl apply`. May be repeated; what was made is kept in `directory`. */
export async function quickSecrets(directory) {
  const secrets = await deploymentSecrets(directory, { database: 'postgres:5432', nats: 'nats:4222' });
  const data = {
    ...Object.fromEntries(services.map((service) => [`signet-${service}`, environmentOf(secrets, service)])),
    'signet-operator': { NATS_URL_OPERATOR: secrets.natsUrls.NATS_URL_OPERATOR },
    'signet-database-admin': { DATABASE_URL: secrets.superuser.url },
    'signet-postgres': { POSTGRES_PASSWORD: secrets.superuser.password },
    'signet-nats': { 'nats.conf': secrets.natsConfiguration },
    'signet-keyring': { 'keyring.json': secrets.keyring },
  };
  return {
    apiVersion: 'v1',
    kind: 'List',
    items: Object.entries(data).map(([name, stringData]) => ({
      ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'signet-quick' }, type: 'Opaque' },
      stringData,
    })),
  };
}
