import type { Fault } from './read.js';
import type { SignetFile } from './schema.js';

/** Secrets and passwords of this repository's own signet.yaml: everybody knows them. */
const published = new Set([
  'demo-secret',
  'demo-service-secret',
  'demo-admin-secret',
  'globex-portal-secret',
  'wonderland',
  'hammock-district',
]);

const shortestSecret = 32;

/** What production mode refuses in a file: published secrets, client secrets that could be guessed, doors left open. */
export function productionFaults(file: SignetFile): Fault[] {
  return file.tenants.flatMap((tenant, at) => [
    ...(tenant.registration.mode === 'open' && !tenant.registration.open_to_everybody
      ? [
          {
            path: `tenants[${at}].registration.mode`,
            line: undefined,
            message: 'lets anybody register clients: in production mode, say open_to_everybody: true beside it',
          },
        ]
      : []),
    ...tenant.clients.flatMap(({ client_secret: secret }, index) => {
      if (secret === undefined) return [];
      const path = `tenants[${at}].clients[${index}].client_secret`;
      if (published.has(secret))
        return [{ path, line: undefined, message: 'a published secret, refused in production mode' }];
      return secret.length < shortestSecret
        ? [{ path, line: undefined, message: `production mode asks for ${shortestSecret} characters or more` }]
        : [];
    }),
    ...tenant.users.flatMap(({ password }, index) =>
      password !== undefined && published.has(password)
        ? [
            {
              path: `tenants[${at}].users[${index}].password`,
              line: undefined,
              message: 'a published password, refused in production mode',
            },
          ]
        : [],
    ),
  ]);
}
